import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { UsageError } from '../../core/errors.js';
import { EngineLost, EngineRefused, type Engine, type OpenEngine, type Refusal, type SavedDatabase, type TextRow } from '../engine.js';
import { timeWords } from './child-process.js';

const ENDED = 'the database ended unexpectedly';
const STOPPED = 'it was stopped';

/** Older servers lack what a proof reads. */
const OLDEST_MAJOR = 10;

/** Answers to our own queries; larger ones are refused. In UTF-16 units. */
const MAXIMUM_ANSWER = 16_000_000;

const CONNECT_MILLISECONDS = 10_000;

const NUL: Refusal = { code: '22021', message: 'invalid byte sequence for encoding "UTF8": 0x00' };

interface Server {
  readonly url: string;
  readonly version: string;
  readonly admin: pg.Client;
}

/** What a proof holds on a server. */
interface Held {
  readonly server: Server;
  /** Databases to drop at the end: the one in use, then the saved ones. */
  readonly made: Set<string>;
  database: string;
  work: pg.Client;
  over: string | null;
}

/**
 * Proofs on a server that was given: each in a database of its own (`belay_proof_…`), made for it and dropped by `close`, which has to
 * be called in any case. The database that the URL names is only connected to. Rejects with `UsageError` where the URL or its role
 * will not do. What a statement returns passes through this process, row by row; what it needs of the server's memory is not bounded.
 */
export function openPostgres(url: string): OpenEngine {
  return async ({ limits, signal }) => {
    const started = Date.now();
    const server = await connectServer(url, Math.min(limits.milliseconds, CONNECT_MILLISECONDS));
    const held = await hold(server);
    const lose = (why: string): void => {
      if (held.over !== null) return;
      held.over = why;
      stop();
      void terminate(held);
    };
    const abort = (): void => lose(STOPPED);
    const timer = setTimeout(() => lose(timeWords(limits)), Math.max(0, limits.milliseconds - (Date.now() - started))).unref();
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    return engineOn(held, async () => {
      held.over ??= STOPPED;
      stop();
      await dropAll(held);
    });
  };
}

async function connect(url: string, milliseconds = CONNECT_MILLISECONDS): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: milliseconds, application_name: 'belay prove', types: { getTypeParser: () => (value: string) => value } });
  // Said by the query that is under way, or by the next one.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function connectServer(url: string, milliseconds: number): Promise<Server> {
  const admin = await connect(url, milliseconds).catch((error: unknown) => {
    throw new UsageError(`The database cannot be reached: ${messageOf(error)}`);
  });
  try {
    const { rows } = await admin.query<{ version: string; role: string; may: string }>(
      "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_user::text AS role, (rolcreatedb OR rolsuper)::text AS may FROM pg_roles WHERE rolname = current_user",
    );
    const { version = '0', role = '', may = 'false' } = rows[0] ?? {};
    if (Number.parseInt(version, 10) < OLDEST_MAJOR) throw new UsageError(`The server is Postgres ${version}: proofs need Postgres ${String(OLDEST_MAJOR)} or newer.`);
    if (may !== 'true') throw new UsageError(`The role ${role} may not create databases, and a proof runs in a fresh one: say ALTER ROLE "${role.replaceAll('"', '""')}" CREATEDB, or give the URL of another role.`);
    return { url, version, admin };
  } catch (error) {
    await admin.end().catch(() => undefined);
    throw error;
  }
}

async function hold(server: Server): Promise<Held> {
  const database = `belay_proof_${randomBytes(6).toString('hex')}`;
  try {
    await create(server, database, 'template0');
    return { server, made: new Set([database]), database, work: await connect(urlOf(server, database)), over: null };
  } catch (error) {
    await server.admin.query(`DROP DATABASE IF EXISTS ${database}`).catch(() => undefined);
    await server.admin.end().catch(() => undefined);
    throw new UsageError(`No database could be made for the proof: ${messageOf(error)}`);
  }
}

/** Names are our own: letters, digits and underscores. */
async function create(server: Server, database: string, template: string): Promise<void> {
  await server.admin.query(`CREATE DATABASE ${database} TEMPLATE ${template}`);
}

function urlOf({ url }: Server, database: string): string {
  const named = new URL(url);
  named.pathname = `/${database}`;
  return named.href;
}

/** Cuts what is running: the session's statement does not hear its client. */
async function terminate(held: Held): Promise<void> {
  const names = [...held.made];
  await held.server.admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname::text = ANY($1::text[]) AND pid <> pg_backend_pid()', [names]).catch(() => undefined);
}

async function dropAll(held: Held): Promise<void> {
  await terminate(held);
  await held.work.end().catch(() => undefined);
  for (const name of held.made) await drop(held, name);
  await held.server.admin.end().catch(() => undefined);
}

/** A session that was cut takes a moment to leave. */
async function drop(held: Held, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await held.server.admin.query(`DROP DATABASE IF EXISTS ${name}`);
      held.made.delete(name);
      return;
    } catch (error) {
      if (attempt === 50) throw new UsageError(`The database ${name} could not be dropped, drop it by hand: ${messageOf(error)}`);
      await terminate(held);
      await delay(100);
    }
  }
}

async function restore(held: Held, saved: SavedDatabase | null): Promise<void> {
  if (saved !== null && (saved.name === null || !held.made.has(saved.name))) throw new EngineRefused({ code: '3D000', message: 'the database was not saved on this server' });
  await held.work.end();
  await drop(held, held.database);
  await create(held.server, held.database, saved?.name ?? 'template0');
  held.made.add(held.database);
  held.work = await connect(urlOf(held.server, held.database));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The server's refusal; throws `EngineLost` for what is none. */
function refusalOf(held: Held, error: unknown): Refusal {
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (held.over !== null || !/^[0-9A-Z]{5}$/.test(code) || /^57P0/.test(code)) throw new EngineLost(held.over ?? ENDED);
  return { code, message: messageOf(error).slice(0, 2_000) };
}

/** Runs a statement; its rows go to `take` and are not kept. */
async function stream(client: pg.Client, config: { readonly text: string; readonly values?: (string | null)[] }, take: (row: TextRow) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const query = client.query(new pg.Query<TextRow>(config));
    query.on('row', take);
    query.on('end', () => resolve());
    query.on('error', reject);
  });
}

async function rowsOf(held: Held, sql: string, params: readonly (string | null)[]): Promise<readonly TextRow[]> {
  if (sql.includes('\0') || params.some((one) => one?.includes('\0'))) throw new EngineRefused(NUL);
  const rows: TextRow[] = [];
  let size = 0;
  await stream(held.work, { text: sql, values: [...params] }, (row) => {
    for (const value of Object.values(row)) size += value?.length ?? 4;
    if (size <= MAXIMUM_ANSWER) rows.push(row);
  }).catch((error: unknown) => {
    throw new EngineRefused(refusalOf(held, error));
  });
  if (size > MAXIMUM_ANSWER) throw new EngineRefused({ code: '54000', message: 'the answer is too large' });
  return rows;
}

function engineOn(held: Held, close: () => Promise<void>): Engine {
  let last: Promise<unknown> = Promise.resolve();
  let saves = 0;
  const inOrder = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(async () => {
      if (held.over !== null) throw new EngineLost(held.over);
      try {
        return await work();
      } catch (error) {
        if (error instanceof EngineRefused || error instanceof EngineLost) throw error;
        throw new EngineRefused(refusalOf(held, error));
      }
    });
    last = next.catch(() => undefined);
    return next;
  };
  return {
    server: { version: held.server.version, kind: 'postgres' },
    major: Number.parseInt(held.server.version, 10),
    query: (sql, params = []) => inOrder(() => rowsOf(held, sql, params)),
    attempt: (sql) =>
      inOrder(async () => {
        if (sql.includes('\0')) return NUL;
        return stream(held.work, { text: sql }, () => undefined).then(
          () => null,
          (error: unknown) => refusalOf(held, error),
        );
      }),
    save: () =>
      inOrder(async () => {
        saves += 1;
        const name = `${held.database}_${String(saves)}`;
        held.made.add(name);
        // From the session itself: it may copy the database it is in, nobody else may while it is there.
        await held.work.query(`CREATE DATABASE ${name} TEMPLATE ${held.database}`);
        return { kind: 'postgres', name, bytes: null };
      }),
    restore: (saved) => inOrder(() => restore(held, saved)),
    close: async () => {
      // Whatever is under way ends with the session, so that nothing is made behind our back.
      held.over ??= STOPPED;
      await terminate(held);
      await last;
      await close();
    },
  };
}
