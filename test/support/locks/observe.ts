import pg from 'pg';

/** What a server did while it ran one statement, in the words of a LockEffect. */
export interface Observation {
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrite: readonly string[];
  readonly scan: readonly string[];
  readonly indexRebuild: readonly string[];
  readonly class: 'heavy' | 'brief' | 'safe' | 'error';
  readonly error: { readonly code: string; readonly message: string } | null;
}

interface Relation {
  readonly key: string;
  /** pg_class.relkind: r table, p partitioned table, m materialized view, v view, S sequence, i and I index. */
  readonly kind: string;
  readonly filenode: string | null;
  /** For an index: the object identifier of its table. */
  readonly table: string | null;
  readonly scans: number;
  readonly temporary: boolean;
}

type Relations = ReadonlyMap<string, Relation>;

const RELATIONS = `
  select c.oid::text as oid, n.nspname || '.' || c.relname as key, c.relkind as kind, pg_relation_filenode(c.oid)::text as filenode,
         i.indrelid::text as "table", pg_stat_get_xact_numscans(c.oid)::int as scans, c.relpersistence = 't' as temporary
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_index i on i.indexrelid = c.oid
  where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p', 'm', 'v', 'S', 'i', 'I') order by c.oid`;

const LOCKS = `
  select l.relation::text as oid, l.mode from pg_catalog.pg_locks l join pg_catalog.pg_database d on d.oid = l.database
  where l.pid = $1 and l.locktype = 'relation' and d.datname = current_database()`;

const STRENGTH = ['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

function blocksWrites(mode: string): boolean {
  return STRENGTH.indexOf(mode) >= STRENGTH.indexOf('ShareLock');
}

async function relations(client: pg.Client): Promise<Relations> {
  const { rows } = await client.query<Relation & { readonly oid: string }>(RELATIONS);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** Modes held per relation by a session. */
async function locksOf(client: pg.Client, pid: number): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await client.query<{ oid: string; mode: string }>(LOCKS, [pid]);
  const found = new Map<string, Set<string>>();
  for (const { oid, mode } of rows) found.set(oid, (found.get(oid) ?? new Set()).add(mode));
  return found;
}

async function processId(client: pg.Client): Promise<number> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
}

/** Tables and materialized views that hold rows: on others the server has nothing to read. */
export async function relationsWithRows(client: pg.Client): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const { rows } = await client.query<{ key: string; name: string }>(
    `select n.nspname || '.' || c.relname as key, c.oid::regclass::text as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'm') and (c.relkind = 'r' or c.relispopulated)`,
  );
  for (const { key, name } of rows) if ((await client.query(`select 1 from only ${name} limit 1`)).rows.length > 0) found.add(key);
  return found;
}

type Refusal = NonNullable<Observation['error']>;

export async function attempt(client: pg.Client, sql: string): Promise<Refusal | null> {
  try {
    await client.query(sql);
    return null;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return { code: error.code ?? '', message: error.message };
    throw error;
  }
}

function refused(error: Refusal): Observation {
  return { locks: {}, rewrite: [], scan: [], indexRebuild: [], class: 'error', error };
}

interface Moment {
  readonly relations: Relations;
  readonly locks: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * What REFRESH reads is not counted, as in lock-matrix.tsv: CONCURRENTLY reads the view itself, and without it the view is
 * written anew.
 */
function countsScan(statement: string, relation: Relation | undefined): boolean {
  if (!/\brefresh\s+materialized\s+view\b/i.test(statement)) return 'rm'.includes(relation?.kind ?? '');
  return /\brefresh\s+materialized\s+view\s+concurrently\b/i.test(statement) && relation?.kind === 'r';
}

function compare(statement: string, existing: Relations, before: Moment, after: Moment): Observation {
  const known = (oid: string): Relation | undefined => {
    const relation = existing.get(oid);
    return relation === undefined || relation.temporary ? undefined : (before.relations.get(oid) ?? relation);
  };
  const taken: [string, string[]][] = [];
  for (const [oid, modes] of after.locks) {
    const relation = known(oid);
    if (relation === undefined || 'iI'.includes(relation.kind)) continue;
    const fresh = [...modes].filter((mode) => before.locks.get(oid)?.has(mode) !== true);
    if (fresh.length > 0) taken.push([relation.key, fresh.sort((one, other) => STRENGTH.indexOf(other) - STRENGTH.indexOf(one))]);
  }
  const indexes = new Map([...after.relations.values()].flatMap((relation) => (relation.kind === 'i' ? [[relation.key, relation]] : [])));
  // An index that is built anew for its column's new type is another index of the same name.
  const now = (oid: string): Relation | undefined => after.relations.get(oid) ?? (known(oid)?.kind === 'i' ? indexes.get(known(oid)?.key ?? '') : undefined);
  const changed = (oid: string): boolean => before.relations.has(oid) && now(oid) !== undefined && now(oid)?.filenode !== before.relations.get(oid)?.filenode;
  const oids = [...existing.keys()].filter((oid) => known(oid) !== undefined && now(oid) !== undefined);
  const rewritten = oids.filter((oid) => 'rm'.includes(known(oid)?.kind ?? '') && changed(oid));
  const rebuilt = oids.filter((oid) => known(oid)?.kind === 'i' && changed(oid) && !rewritten.includes(known(oid)?.table ?? ''));
  const read = oids.filter((oid) => 'rm'.includes(known(oid)?.kind ?? '') && (after.relations.get(oid)?.scans ?? 0) > (before.relations.get(oid)?.scans ?? 0));
  const scanned = read.filter((oid) => countsScan(statement, known(oid)));
  const strong = (oid: string): boolean => [...(after.locks.get(oid) ?? [])].some(blocksWrites);
  const names = (of: readonly string[]): string[] => of.map((oid) => known(oid)?.key ?? '').sort();
  return {
    locks: Object.fromEntries<string>(taken.map(([key, modes]): [string, string] => [key, modes[0] ?? '']).sort()),
    rewrite: names(rewritten),
    scan: names(scanned.filter((oid) => !rewritten.includes(oid))),
    indexRebuild: names(rebuilt),
    class: [...rewritten, ...read].some(strong) ? 'heavy' : taken.some(([, modes]) => modes.some(blocksWrites)) ? 'brief' : 'safe',
    error: null,
  };
}

async function moment(client: pg.Client, pid: number): Promise<Moment> {
  // Locks first: reading the catalogs takes none on the tables of a user.
  return { locks: await locksOf(client, pid), relations: await relations(client) };
}

/** Runs statements in one transaction and rolls it back: what each did. Ends with the first that the server refuses. */
export async function observeTransaction(client: pg.Client, statements: readonly string[]): Promise<readonly Observation[]> {
  const pid = await processId(client);
  await client.query('begin');
  try {
    const found: Observation[] = [];
    let before = await moment(client, pid);
    const existing = before.relations;
    for (const statement of statements) {
      const error = await attempt(client, statement);
      if (error !== null) return [...found, refused(error)];
      const after = await moment(client, pid);
      found.push(compare(statement, existing, before, after));
      before = after;
    }
    return found;
  } finally {
    await client.query('rollback');
    await client.query('reset all');
  }
}

/** Tables and materialized views that a statement outside any transaction has written anew. */
export async function observeRewrites(client: pg.Client, statement: string): Promise<readonly string[]> {
  const before = await relations(client);
  await client.query(statement);
  const after = await relations(client);
  return [...before].flatMap(([oid, { key, kind, filenode }]) => ('rm'.includes(kind) && after.get(oid)?.filenode !== filenode ? [key] : []));
}

/**
 * What a statement that runs in transactions of its own asks for first, while `holder` holds a lock on the table that it waits
 * for: `[relation, mode]`; none when it waits for nothing.
 */
export async function observeWait(holder: pg.Client, runner: pg.Client, statement: string, table: string): Promise<readonly (readonly [string, string])[]> {
  const pid = await processId(runner);
  await holder.query('begin');
  await holder.query(`lock table ${table} in share update exclusive mode`);
  const running = attempt(runner, statement);
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  let waited: readonly (readonly [string, string])[] = [];
  while (!ended && waited.length === 0) {
    const { rows } = await holder.query<{ key: string; mode: string }>(
      "select n.nspname || '.' || c.relname as key, l.mode from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation join pg_catalog.pg_namespace n on n.oid = c.relnamespace where l.pid = $1 and not l.granted",
      [pid],
    );
    waited = rows.map((row) => [row.key, row.mode] as const);
  }
  await holder.query('select pg_cancel_backend($1)', [pid]);
  await holder.query('rollback');
  await running;
  return waited;
}
