import { blocksWrites, strength } from '../migrations/effects/lock-mode.js';
import type { LockMode } from '../migrations/step.js';
import type { Engine } from './engine.js';

/** What a server did while it ran one statement, in the words of a LockEffect. */
export interface Observation {
  readonly locks: Readonly<Record<string, LockMode>>;
  readonly rewrite: readonly string[];
  readonly scan: readonly string[];
  readonly indexRebuild: readonly string[];
  /** Those of `scan` that held no row: reading them tells nothing of what a full one costs. */
  readonly emptyScan: readonly string[];
  readonly class: 'heavy' | 'brief' | 'safe';
  /** The strongest lock that the transaction held before, per relation. */
  readonly held: Readonly<Record<string, LockMode>>;
}

export interface Relation {
  /** `schema.name` */
  readonly key: string;
  /** pg_class.relkind: r table, p partitioned table, m materialized view, v view, S sequence, i and I index. */
  readonly kind: string;
  readonly filenode: string | null;
  /** For an index: the object identifier of its table. */
  readonly table: string | null;
  readonly scans: number;
  readonly temporary: boolean;
  /** Whether it has no page. */
  readonly empty: boolean;
}

/** By object identifier. */
export type Relations = ReadonlyMap<string, Relation>;

/** What a session holds and what the database looks like, between two statements of a transaction. */
export interface Moment {
  readonly relations: Relations;
  readonly locks: ReadonlyMap<string, ReadonlySet<LockMode>>;
}

/** Whatever answers queries in the session that is observed. */
export type Asked = Pick<Engine, 'query'>;

const RELATIONS = `
  select c.oid::text as oid, n.nspname || '.' || c.relname as key, c.relkind::text as kind, pg_relation_filenode(c.oid)::text as filenode,
         i.indrelid::text as "table", pg_stat_get_xact_numscans(c.oid)::text as scans, c.relpersistence::text as persistence,
         (case when c.relkind in ('r', 'm') then pg_relation_size(c.oid) = 0 end)::text as empty
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_index i on i.indexrelid = c.oid
  where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p', 'm', 'v', 'S', 'i', 'I') order by c.oid`;

// A lock of the session on a database's own relation; those of all databases have the database 0.
const LOCKS = `
  select l.relation::text as oid, l.mode from pg_catalog.pg_locks l join pg_catalog.pg_database d on d.oid = l.database
  where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and d.datname = pg_catalog.current_database()`;

/** The relations of a database, the server's own left out. */
export async function readRelations(asked: Asked): Promise<Relations> {
  const rows = await asked.query(RELATIONS);
  return new Map(rows.map((row) => [row['oid'] ?? '', { key: row['key'] ?? '', kind: row['kind'] ?? '', filenode: row['filenode'] ?? null, table: row['table'] ?? null, scans: Number(row['scans'] ?? 0), temporary: row['persistence'] === 't', empty: row['empty'] === 'true' }]));
}

export async function readMoment(asked: Asked): Promise<Moment> {
  // Locks first: reading the catalogs takes none on the tables of a user.
  const locks = new Map<string, Set<LockMode>>();
  for (const row of await asked.query(LOCKS)) {
    const oid = row['oid'] ?? '';
    locks.set(oid, (locks.get(oid) ?? new Set()).add(row['mode'] as LockMode));
  }
  return { locks, relations: await readRelations(asked) };
}

/** What REFRESH reads is not counted: CONCURRENTLY reads the view itself, and without it the view is written anew. */
function countsScan(statement: string, relation: Relation | undefined): boolean {
  if (!/\brefresh\s+materialized\s+view\b/i.test(statement)) return 'rm'.includes(relation?.kind ?? '-');
  return /\brefresh\s+materialized\s+view\s+concurrently\b/i.test(statement) && relation?.kind === 'r';
}

function strongest(modes: Iterable<LockMode>): LockMode | undefined {
  return [...modes].sort((one, other) => strength(other) - strength(one))[0];
}

function sorted(entries: Iterable<readonly [string, LockMode]>): Readonly<Record<string, LockMode>> {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The relations that count, by identifier, under the names they had before the statement. Indexes are no relations of their own here. */
function countedRelations(existing: Relations, before: Moment): Relations {
  return new Map([...existing].flatMap(([oid, relation]) => (relation.temporary ? [] : [[oid, before.relations.get(oid) ?? relation] as const])));
}

function locksTaken(counted: Relations, before: Moment, after: Moment): readonly (readonly [string, readonly LockMode[]])[] {
  return [...after.locks].flatMap(([oid, modes]) => {
    const relation = counted.get(oid);
    if (relation === undefined || 'iI'.includes(relation.kind)) return [];
    const fresh = [...modes].filter((mode) => before.locks.get(oid)?.has(mode) !== true);
    return fresh.length === 0 ? [] : [[relation.key, fresh] as const];
  });
}

/** What is written anew and read from end to end between two moments, as identifiers. */
function workDone(statement: string, counted: Relations, before: Moment, after: Moment): { readonly rewritten: readonly string[]; readonly rebuilt: readonly string[]; readonly read: readonly string[]; readonly scanned: readonly string[] } {
  const indexes = new Map([...after.relations.values()].flatMap((relation) => (relation.kind === 'i' ? [[relation.key, relation] as const] : [])));
  // An index that is built anew for its column's new type is another index of the same name.
  const now = (oid: string): Relation | undefined => after.relations.get(oid) ?? (counted.get(oid)?.kind === 'i' ? indexes.get(counted.get(oid)?.key ?? '') : undefined);
  const changed = (oid: string): boolean => before.relations.has(oid) && now(oid) !== undefined && now(oid)?.filenode !== before.relations.get(oid)?.filenode;
  const holdsRows = (oid: string): boolean => 'rm'.includes(counted.get(oid)?.kind ?? '-');
  const oids = [...counted.keys()].filter((oid) => now(oid) !== undefined);
  const rewritten = oids.filter((oid) => holdsRows(oid) && changed(oid));
  const read = oids.filter((oid) => holdsRows(oid) && (after.relations.get(oid)?.scans ?? 0) > (before.relations.get(oid)?.scans ?? 0));
  return {
    rewritten,
    rebuilt: oids.filter((oid) => counted.get(oid)?.kind === 'i' && changed(oid) && !rewritten.includes(counted.get(oid)?.table ?? '')),
    read,
    scanned: read.filter((oid) => countsScan(statement, counted.get(oid)) && !rewritten.includes(oid)),
  };
}

/**
 * What a statement did between two moments of the transaction it ran in. `existing`: the relations that others use, which are
 * those of before the migration.
 */
export function compareMoments(statement: string, existing: Relations, before: Moment, after: Moment): Observation {
  const counted = countedRelations(existing, before);
  const taken = locksTaken(counted, before, after);
  const { rewritten, rebuilt, read, scanned } = workDone(statement, counted, before, after);
  const blocked = (oid: string): boolean => [...(after.locks.get(oid) ?? [])].some(blocksWrites);
  const names = (oids: readonly string[]): string[] => oids.map((oid) => counted.get(oid)?.key ?? '').sort();
  const held = [...before.locks].flatMap(([oid, modes]) => {
    const relation = counted.get(oid);
    const mode = strongest(modes);
    return relation === undefined || mode === undefined || 'iI'.includes(relation.kind) ? [] : [[relation.key, mode] as const];
  });
  return {
    locks: sorted(taken.map(([key, modes]) => [key, strongest(modes) ?? 'AccessShareLock'] as const)),
    rewrite: names(rewritten),
    scan: names(scanned),
    indexRebuild: names(rebuilt),
    emptyScan: names(scanned.filter((oid) => counted.get(oid)?.empty === true)),
    class: [...rewritten, ...read].some(blocked) ? 'heavy' : taken.some(([, modes]) => modes.some(blocksWrites)) ? 'brief' : 'safe',
    held: sorted(held),
  };
}

/** Tables and materialized views that another storage took the place of: what a statement outside any transaction has written anew. */
export function rewrittenBetween(before: Relations, after: Relations): readonly string[] {
  return [...before].flatMap(([oid, { key, kind, filenode }]) => ('rm'.includes(kind) && after.has(oid) && after.get(oid)?.filenode !== filenode ? [key] : [])).sort();
}
