import { databaseNamed } from '../dialect.js';
import type { Element } from './element.js';

function terms(list: string): string[] {
  return list.split(',').map((term) => term.trim().toLowerCase()).filter((term) => term !== '');
}

function isPostgres(term: string): boolean {
  return /^(?:postgres(?:ql)?|edb)$/.test(term);
}

/** Whether a `dbms` list holds for Postgres: `postgresql, h2`, `!oracle`, `all`. */
export function isFor(list: string | undefined): boolean {
  const wanted = terms(list ?? '');
  if (wanted.length === 0 || wanted.includes('all')) return !wanted.some((term) => term.startsWith('!') && isPostgres(term.slice(1)));
  if (wanted.some((term) => term.startsWith('!') && isPostgres(term.slice(1)))) return false;
  const positive = wanted.filter((term) => !term.startsWith('!'));
  return positive.length === 0 || positive.some(isPostgres);
}

/** The database that such a list is for, in words. */
function databaseIn(list: string): string {
  const named = terms(list).filter((term) => !term.startsWith('!')).map((term) => databaseNamed(term));
  return named.find((name) => typeof name === 'string' && name !== 'another database') ?? 'another database';
}

const REHEARSAL = /^(?:tests?|testing|it|integration|integration[-_]?tests?|unit[-_]?tests?|dev(?:el(?:opment)?)?|local(?:host)?|demo|faker|sample(?:s|[-_]?data)?|fixtures?|qa|sandbox|e2e|ci|mock)$/i;

/** Whether a context expression leaves production out: `test`, `dev or local`, `!prod`. */
function isRehearsal(expression: string): boolean {
  const words = expression.match(/[!\w-]+/g)?.filter((word) => !/^(?:and|or)$/i.test(word)) ?? [];
  return words.length > 0 && words.every((word) => REHEARSAL.test(word) || /^!(?:prod|production|live)$/i.test(word));
}

/** The database other than Postgres that a context names: some changelogs tell databases apart that way. */
function databaseContext(expression: string): string | null {
  const words = expression.match(/[!\w-]+/g)?.filter((word) => !/^(?:and|or)$/i.test(word)) ?? [];
  const named = words.map((word) => (word.startsWith('!') ? undefined : databaseNamed(word)));
  if (words.some((word) => /^!(?:postgres(?:ql)?|pg)$/i.test(word))) return 'another database';
  return named.includes(null) ? null : (named.find((name) => typeof name === 'string') ?? null);
}

/** A precondition that only another database meets. */
function excludesByPrecondition(changeSet: Element): string | null {
  const conditions = changeSet.children.find((child) => child.name === 'preConditions');
  for (const condition of conditions?.children ?? []) {
    const list = condition.attributes.get('type');
    if (condition.name === 'dbms' && list !== undefined && !isFor(list)) return databaseIn(list);
    const negated = condition.name === 'not' && condition.children.length === 1 ? condition.children[0] : undefined;
    const excluded = negated?.name === 'dbms' ? negated.attributes.get('type') : undefined;
    if (excluded !== undefined && isFor(excluded)) return 'another database';
  }
  return null;
}

/** What a changeset that never runs on a Postgres in production is written for; null for all others. */
export function writtenFor(attributes: ReadonlyMap<string, string>, element: Element | null): string | null {
  const dbms = attributes.get('dbms');
  if (dbms !== undefined && !isFor(dbms)) return databaseIn(dbms);
  const context = attributes.get('contextFilter') ?? attributes.get('context') ?? attributes.get('contexts');
  const other = context === undefined ? null : databaseContext(context);
  if (other !== null) return other;
  if (context !== undefined && isRehearsal(context)) return `the context \`${context.trim().slice(0, 60)}\``;
  if (attributes.get('ignore')?.trim().toLowerCase() === 'true') return 'nobody: it is ignored';
  return element === null ? null : excludesByPrecondition(element);
}
