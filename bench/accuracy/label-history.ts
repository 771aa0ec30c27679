import pg from 'pg';
import type { Migration } from '../../src/migrations/migration.js';

/** What a real server did for one statement. */
export interface Label {
  /** The strongest lock newly taken per relation that existed before the migration. */
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrite: readonly string[];
  readonly scan: readonly string[];
  readonly class: 'heavy' | 'brief' | 'safe';
  /** The server's refusal; then nothing else counts. */
  readonly error: string | null;
  /** Whether it could be observed: what runs outside a transaction only (CONCURRENTLY, VACUUM) cannot. */
  readonly observed: boolean;
}

export interface HistoryServer {
  readonly major: number;
  /** Runs one migration, statement by statement in the transaction it asks for, and commits what worked. */
  run(migration: Migration, statements: readonly string[]): Promise<readonly Label[]>;
  close(): Promise<void>;
}

const MODES = ['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];
const BLOCKS_WRITES = MODES.indexOf('ShareLock');

const RELATIONS = `SELECT c.oid::int AS oid, n.nspname || '.' || c.relname AS name, c.relkind AS kind, pg_relation_filenode(c.oid)::bigint AS node, pg_stat_get_xact_numscans(c.oid)::int AS scans
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%' AND c.relkind IN ('r', 'p', 'm', 'v', 'S')`;
const LOCKS = "SELECT relation::int AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted";

interface Relation {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly node: string | null;
  readonly scans: number;
}

interface Seen {
  readonly relations: ReadonlyMap<number, Relation>;
  readonly modes: ReadonlySet<string>;
}

/** Opens an empty database that histories are run in. */
export async function openHistory(url: string): Promise<HistoryServer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
  for (const extension of ['pgcrypto', 'uuid-ossp', 'citext', 'pg_trgm', 'hstore', 'btree_gin']) await client.query(`CREATE EXTENSION IF NOT EXISTS "${extension}"`).catch(() => undefined);
  return {
    major: Math.floor(Number(rows[0]?.version) / 10_000),
    run: async (migration, statements) => runMigration(client, migration, statements),
    close: async () => client.end(),
  };
}

async function runMigration(client: pg.Client, migration: Migration, statements: readonly string[]): Promise<readonly Label[]> {
  const before = (await look(client)).relations;
  const labels: Label[] = [];
  const together = migration.transaction.scope !== 'none';
  let open = false;
  const begin = async () => {
    if (!open) await client.query('BEGIN');
    open = true;
  };
  const commit = async () => {
    if (open) await client.query('COMMIT').catch(async () => client.query('ROLLBACK'));
    open = false;
  };
  for (const statement of statements) {
    if (/^\s*(?:begin|commit|end|start\s+transaction)\b[^;]*$/i.test(statement)) {
      if (/^\s*(?:commit|end)/i.test(statement)) await commit();
      labels.push({ ...NOTHING, observed: false });
      continue;
    }
    await begin();
    const label = await observe(client, statement, before);
    if (label.error !== null && /cannot (?:run inside a transaction block|be executed from a function)/.test(label.error)) {
      await commit();
      labels.push({ ...(await bare(client, statement)), observed: false });
    } else labels.push(label);
    if (!together && !inOwnTransaction(statements, labels.length)) await commit();
  }
  await commit();
  return labels;
}

/** Whether the file's own BEGIN is open behind the first `done` statements. */
function inOwnTransaction(statements: readonly string[], done: number): boolean {
  const control = statements.slice(0, done).filter((statement) => /^\s*(?:begin|start\s+transaction|commit|end)\b[^;]*$/i.test(statement));
  return /^\s*(?:begin|start)/i.test(control.at(-1) ?? '');
}

const NOTHING: Label = { locks: {}, rewrite: [], scan: [], class: 'safe', error: null, observed: true };

async function bare(client: pg.Client, statement: string): Promise<Label> {
  const error = await client.query(statement).then(() => null, (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)));
  return { ...NOTHING, error };
}

async function observe(client: pg.Client, statement: string, before: ReadonlyMap<number, Relation>): Promise<Label> {
  const start = await look(client);
  await client.query('SAVEPOINT one');
  const { error } = await bare(client, statement);
  if (error !== null) {
    await client.query('ROLLBACK TO SAVEPOINT one');
    return { ...NOTHING, error };
  }
  const end = await look(client);
  await client.query('RELEASE SAVEPOINT one');
  return labelOf(start, end, before);
}

async function look(client: pg.Client): Promise<Seen> {
  const locks = await client.query<{ oid: number; mode: string }>(LOCKS);
  const modes = new Set(locks.rows.map(({ oid, mode }) => `${oid} ${mode}`));
  const relations = await client.query<Relation>(RELATIONS);
  return { relations: new Map(relations.rows.map((one) => [one.oid, one])), modes };
}

function labelOf(start: Seen, end: Seen, before: ReadonlyMap<number, Relation>): Label {
  const locks: Record<string, string> = {};
  const held = new Map<number, number>();
  const nameOf = (oid: number): string => start.relations.get(oid)?.name ?? before.get(oid)?.name ?? String(oid);
  for (const entry of end.modes) {
    const [oid = 0, mode = ''] = [Number(entry.split(' ')[0]), entry.split(' ')[1]];
    if (!before.has(oid)) continue;
    held.set(oid, Math.max(held.get(oid) ?? -1, MODES.indexOf(mode)));
    if (start.modes.has(entry)) continue;
    const name = nameOf(oid);
    if (MODES.indexOf(mode) > MODES.indexOf(locks[name] ?? '')) locks[name] = mode;
  }
  const changed = [...before.keys()].filter((oid) => end.relations.has(oid) && start.relations.has(oid));
  const rewrite = changed.filter((oid) => start.relations.get(oid)?.node !== end.relations.get(oid)?.node);
  const scan = changed.filter((oid) => (end.relations.get(oid)?.scans ?? 0) > (start.relations.get(oid)?.scans ?? 0) && before.get(oid)?.kind !== 'S');
  const heavy = [...rewrite, ...scan].some((oid) => (held.get(oid) ?? -1) >= BLOCKS_WRITES);
  const brief = Object.values(locks).some((mode) => MODES.indexOf(mode) >= BLOCKS_WRITES);
  return { locks, rewrite: rewrite.map(nameOf).sort(), scan: scan.map(nameOf).sort(), class: heavy ? 'heavy' : brief ? 'brief' : 'safe', error: null, observed: true };
}
