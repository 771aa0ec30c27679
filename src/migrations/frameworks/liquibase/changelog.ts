import { childOf, readElements, type Element, type ElementFailure } from './element.js';
import { isChange, readChange } from './changes.js';
import type { Sent } from './change.js';
import { isFor, writtenFor } from './conditions.js';
import { isFormattedSql, readFormattedSql } from './formatted-sql.js';
import { modified } from './modify-sql.js';
import type { Naming } from './names.js';
import { fillElement, type Properties } from './properties.js';
import { inverses } from './rollback.js';

/** How a changeset is undone. `see`: as another changeset is done. */
export type Rollback = { readonly kind: 'sent'; readonly sent: readonly Sent[]; readonly start: number; readonly end: number } | { readonly kind: 'see'; readonly id: string; readonly author: string | null } | { readonly kind: 'none' };

export interface ChangeSet {
  readonly kind: 'changeset';
  readonly id: string;
  readonly author: string;
  readonly start: number;
  readonly end: number;
  /** What it is written for when it never runs on a Postgres in production; null for all others. */
  readonly writtenFor: string | null;
  readonly inTransaction: boolean;
  readonly sent: readonly Sent[];
  readonly rollback: Rollback;
}

/** What a changelog holds, in order. */
export type Entry =
  | ChangeSet
  | { readonly kind: 'include'; readonly path: string; readonly relative: boolean; readonly all: boolean; readonly depth: number }
  | { readonly kind: 'property'; readonly name: string; readonly value: string; readonly global: boolean };

export interface Changelog {
  readonly entries: readonly Entry[];
  readonly failure: ElementFailure | null;
}

function naming(element: Element): Naming {
  return { exact: element.attributes.get('objectQuotingStrategy')?.toUpperCase() === 'QUOTE_ALL_OBJECTS' };
}

/** Rollbacks written down: elements, or SQL; several are one after the other. */
function writtenRollback(blocks: readonly Element[], names: Naming): Rollback {
  const [first] = blocks;
  const last = blocks.at(-1);
  if (first === undefined || last === undefined) return { kind: 'none' };
  const reference = first.attributes.get('changeSetId') ?? first.attributes.get('id');
  if (reference !== undefined && blocks.length === 1) return { kind: 'see', id: reference, author: first.attributes.get('changeSetAuthor') ?? first.attributes.get('author') ?? null };
  const sent = blocks.flatMap((block) => {
    const changes = block.children.filter(isChange);
    if (changes.length > 0) return changes.flatMap((change) => readChange(change, names));
    const text = block.text();
    return text.text.trim() === '' ? readChange({ ...block, name: 'sql' }, names) : [{ kind: 'written' as const, text, together: false }];
  });
  return { kind: 'sent', sent, start: first.start, end: last.end };
}

function rollbackOf(element: Element, changes: readonly Element[], names: Naming): Rollback {
  const blocks = element.children.filter((child) => child.name === 'rollback');
  const text = element.attributes.get('rollback');
  if (blocks.length > 0) return writtenRollback(blocks, names);
  if (text !== undefined) return { kind: 'sent', sent: [{ kind: 'written', text: element.located('rollback'), together: false }], start: element.start, end: element.end };
  const automatic = inverses(changes);
  return automatic === null ? { kind: 'none' } : { kind: 'sent', sent: automatic.flatMap((change) => readChange(change, names)), start: element.start, end: element.end };
}

function changeSetOf(raw: Element, properties: Properties): ChangeSet {
  const element = fillElement(raw, properties);
  const names = naming(element);
  const changes = element.children.filter(isChange);
  return {
    kind: 'changeset',
    id: element.attributes.get('id') ?? '',
    author: element.attributes.get('author') ?? '',
    start: element.start,
    end: element.end,
    writtenFor: writtenFor(element.attributes, element),
    inTransaction: element.attributes.get('runInTransaction')?.trim().toLowerCase() !== 'false',
    sent: modified(changes.flatMap((change) => readChange(change, names)), element),
    rollback: rollbackOf(element, changes, names),
  };
}

function entryOf(element: Element, properties: Properties): Entry[] {
  const path = element.attributes.get('file') ?? element.attributes.get('path');
  switch (element.name) {
    case 'changeSet':
      return [changeSetOf(element, properties)];
    case 'include':
    case 'includeAll':
      return path === undefined ? [] : [{ kind: 'include', path, relative: element.attributes.get('relativeToChangelogFile') === 'true', all: element.name === 'includeAll', depth: Number(element.attributes.get('maxDepth') ?? 100) }];
    case 'property': {
      const name = element.attributes.get('name');
      const value = element.attributes.get('value');
      return name === undefined || value === undefined || !isFor(element.attributes.get('dbms')) ? [] : [{ kind: 'property', name, value, global: element.attributes.get('global') !== 'false' }];
    }
    default:
      // Liquibase wraps entries for those with a licence.
      return childOf(element, 'changeSet') === null ? [] : element.children.flatMap((child) => entryOf(child, properties));
  }
}

/** Properties of a changelog hold for what comes behind them. */
function withProperties(elements: readonly Element[], known: Properties): Entry[] {
  const properties = new Map(known);
  return elements.flatMap((element) => {
    const entries = entryOf(element, properties);
    for (const entry of entries) if (entry.kind === 'property' && !properties.has(entry.name)) properties.set(entry.name, entry.value);
    return entries;
  });
}

/** Changelogs that were parsed already, by path: one is read several times, with other properties. */
export type ParsedChangelogs = Map<string, ReturnType<typeof readElements>>;

/** A changelog of any form; null for a file that is none. */
export function readChangelog(path: string, text: string, properties: Properties, parsed: ParsedChangelogs): Changelog | null {
  if (/\.sql$/i.test(path)) return isFormattedSql(text) ? { entries: readFormattedSql(text, properties), failure: null } : null;
  const known = parsed.get(path);
  const elements = known === undefined ? readElements(path, text) : known;
  parsed.set(path, elements);
  if (elements === null) return null;
  return 'message' in elements ? { entries: [], failure: elements } : { entries: withProperties(elements, properties), failure: null };
}
