import { differingParts } from '../../core/differing-parts.js';
import type { Change, Span } from '../../core/change-set.js';
import type { Evidence } from '../../core/finding.js';
import type { OldCodeFailure, ProofServer, ProvedStatement, SchemaDifference } from '../../core/proof-report.js';
import type { Migration } from '../migration.js';
import { wayBack } from '../patterns/down-habits.js';
import type { Step } from '../step.js';
import { excerpt } from './places.js';

/** A server as evidence names it: "Postgres 18.6 (embedded)". */
export function serverWords({ version, kind }: ProofServer): string {
  return `Postgres ${version}${kind === 'pglite' ? ' (embedded)' : ''}`;
}

/** What a run showed, as evidence. */
export function observation(server: ProofServer, text: string): Evidence {
  return { kind: 'observation', text, server: serverWords(server) };
}

/** "`column users.plan`", without the schema that everything is in. */
export function objectWords(object: string): string {
  return `\`${object.replace(/^((?:[a-z]+ )*)public\./, '$1')}\``;
}

/** What became of an object of the schema: "`index users_email` is missing: `CREATE INDEX …`". */
export function differenceWords({ object, before, after }: SchemaDifference, length = 120): string {
  if (after === null) return `${objectWords(object)} is missing${before === null || before === '' ? '' : `: \`${excerpt(before, length)}\``}`;
  if (before === null) return `${objectWords(object)} is still there`;
  const [was, is] = differingParts(before, after);
  return `${objectWords(object)} is \`${excerpt(is, length)}\`, before it was \`${excerpt(was, length)}\``;
}

/** Where something about the down direction stands: on the line given, else on its first statement. */
export interface DownPlace {
  readonly path: string;
  readonly span: Span | null;
}

/**
 * Whether the author wrote a down that is meant to do something: one that is missing, empty, explained or refused has
 * findings of its own, or deserves none.
 */
export function meansToUndo(migration: Migration, changes: ReadonlyMap<string, Change>): boolean {
  return wayBack(migration, changes).kind === 'there';
}

/** The place of the down direction. Where this change does not touch the down's file: of the up direction. */
export function downPlace(migration: Migration, changes: ReadonlyMap<string, Change>, line: number | null = null): DownPlace {
  const path = migration.downPath ?? migration.path;
  const down: readonly Step[] = typeof migration.down === 'string' ? [] : migration.down;
  if (!changes.has(path)) return { path: migration.path, span: migration.up[0]?.statementSpan ?? null };
  const fitting = line === null ? undefined : down.find((step) => step.statementSpan.startLine <= line && line <= step.statementSpan.endLine);
  const first = fitting ?? down.find((step) => step.kind !== 'transaction' && step.kind !== 'set-setting') ?? down[0];
  return { path, span: first?.statementSpan ?? migration.spans.down };
}

/** What a statement took and did, as the server showed it; null where it did not run, or nobody could see. */
export function observedWords(statement: ProvedStatement): string | null {
  if (statement.source !== 'observed' || statement.class === 'error' || statement.notAnalysed !== undefined) return null;
  const locks = Object.entries(statement.locks).slice(0, SHOWN).map(([relation, mode]) => `${mode} on ${relation}`);
  const held = Object.entries(statement.held).filter(([relation]) => statement.locks[relation] === undefined && worksOn(statement, relation)).slice(0, SHOWN).map(([relation, mode]) => `${mode} on ${relation} held from an earlier statement`);
  const work = [
    ...statement.rewrite.slice(0, SHOWN).map((relation) => `${relation} rewritten`),
    ...statement.scan.slice(0, SHOWN).map((relation) => `${relation} read from end to end`),
    ...statement.indexRebuild.slice(0, SHOWN).map((index) => `index ${index} built anew`),
  ];
  const all = [...locks, ...held, ...work];
  return all.length === 0 ? null : all.join(', ');
}

/** So much of one kind is told of a statement. */
const SHOWN = 4;

function worksOn(statement: ProvedStatement, relation: string): boolean {
  return statement.rewrite.includes(relation) || statement.scan.includes(relation);
}

/** A statement of the running code that the new schema refuses. */
export function oldCodeWords({ statement, error, path, line }: OldCodeFailure): string {
  const place = path === null ? '' : ` (${path}${line === null ? '' : `:${String(line)}`})`;
  return `\`${excerpt(statement, 160)}\`${place}, which the code before sends, fails after the migration: ${excerpt(error, 200)}`;
}
