import type { TableSize } from '../core/config.js';
import type { Evidence } from '../core/finding.js';
import { resolveRelation, type Catalog } from './catalog.js';
import type { LockEffect } from './classify.js';
import type { QualifiedName } from './definition.js';
import { blockedWords, lockWords, stronger } from './effects/lock-mode.js';
import { quoteName } from './quote.js';
import type { LockMode } from './step.js';
import { describeTarget, type Target } from './target.js';

/** Below this many rows a scan is over before anybody notices. */
const SMALL_TABLE_ROWS = 10_000;

/** A relation as people call it: without `public.`. */
export function displayName(key: string): string {
  return key.startsWith('public.') ? key.slice('public.'.length) : key;
}

/** As `displayName`, from a name in a step. */
export function displayRelation(catalog: Catalog, name: QualifiedName): string {
  return displayName(resolveRelation(catalog, name));
}

/** A name for use in SQL, quoted where needed, with the schema it was written with. */
export function sqlName(name: QualifiedName): string {
  return name.schema === null ? quoteName(name.name) : `${quoteName(name.schema)}.${quoteName(name.name)}`;
}

/** What the configuration says of a table, by `users` or `public.users`. */
export function tableSize(tables: ReadonlyMap<string, TableSize>, key: string): TableSize | null {
  return tables.get(key) ?? tables.get(displayName(key)) ?? null;
}

/** Whether the configuration says that work on a table is over at once. A hot table is never small. */
export function isSmallTable(tables: ReadonlyMap<string, TableSize>, key: string): boolean {
  const size = tableSize(tables, key);
  if (size === null || size.hot === true) return false;
  return size.small === true || (size.rows !== undefined && size.rows < SMALL_TABLE_ROWS);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** "`users`", with what is known of its size: "`users` (50,000,000 rows, 2,000 queries a second)". */
export function tableWords(tables: ReadonlyMap<string, TableSize>, key: string): string {
  const size = tableSize(tables, key);
  const facts = [
    ...(size?.rows === undefined ? [] : [`${number(size.rows)} rows`]),
    ...(size?.qps === undefined ? [] : [`${number(size.qps)} queries a second`]),
    ...(size?.hot === true && size.qps === undefined ? ['a busy table'] : []),
  ];
  return `\`${displayName(key)}\`${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

/** The strongest lock on a relation while a step runs: its own or its transaction's. */
export function lockDuring(effect: LockEffect, held: readonly LockEffect[], key: string): LockMode | null {
  const modes = [effect, ...held].flatMap((each) => each.locks[key] ?? []);
  return modes.length === 0 ? null : modes.reduce((one, other) => stronger(one, other));
}

/** "an ACCESS EXCLUSIVE lock, which blocks every read and write". */
export function lockSentence(mode: LockMode): string {
  return `${/^[AE]/.test(mode) ? 'an' : 'a'} ${lockWords(mode)} lock, which blocks ${blockedWords(mode)}`;
}

function locksInWords(effect: LockEffect, held: readonly LockEffect[]): string {
  const worked = [...new Set([...effect.rewrite, ...effect.scan])];
  const taken = Object.entries(effect.locks).map(([key, mode]) => `takes ${mode} on ${key}`);
  const kept = worked.flatMap((key) => {
    const mode = effect.locks[key] === undefined ? lockDuring(effect, held, key) : null;
    return mode === null ? [] : [`holds ${mode} on ${key} from an earlier statement`];
  });
  const all = [...taken, ...kept];
  return all.length === 0 ? 'takes no further lock on a table' : all.join(', ');
}

/** What the server does, as evidence: locks, rewrites and scans in its own names. */
export function effectEvidence(effect: LockEffect, held: readonly LockEffect[], target: Target): Evidence {
  const work = [
    ...(effect.rewrite.length === 0 ? [] : [`rewrites ${effect.rewrite.join(', ')}`]),
    ...(effect.scan.length === 0 ? [] : [`reads all of ${effect.scan.join(', ')}`]),
  ];
  const source = effect.source === 'measured' ? 'locks measured on Postgres 10 to 18' : 'the Postgres manual';
  return { kind: 'fact', text: `${describeTarget(target)} ${[locksInWords(effect, held), ...work].join(', ')}`, source };
}
