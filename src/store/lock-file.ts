import { randomUUID } from 'node:crypto';
import { link, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { BelayError } from '../core/errors.js';
import type { Log } from '../core/store.js';

const HEARTBEAT_MS = 1_000;
/** How long a lock whose owner cannot be looked up must be silent before it counts as abandoned. */
const SILENCE_MS = 10_000;

/** Who holds a lock. `started` and the two names of the machine tell a living owner from a new process with its number. */
interface Owner {
  readonly token: string;
  readonly pid: number;
  /** Clock ticks after boot at which the process started; null where the system does not tell. */
  readonly started: string | null;
  readonly boot: string | null;
  /** The process-id namespace: containers on one machine do not see each other's processes. */
  readonly namespace: string | null;
  readonly host: string;
}

export interface LockFile {
  /** Called once when the lock turns out to belong to somebody else: stop writing at once. */
  onLost(listener: () => void): void;
  release(): Promise<void>;
}

/**
 * Takes `path` for this process, or throws a BelayError that names the process which has it. A lock left by a killed
 * process is taken over: at once where the system shows that its owner is gone, after ten silent seconds otherwise
 * (another container or machine on the same volume).
 */
export async function takeLockFile(path: string, log: Log): Promise<LockFile> {
  const own = await describeOwnProcess();
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await createWith(path, own)) return keep(path, own, log);
    const other = await readOwner(path);
    if (other === 'gone') continue;
    if (await isAlive(path, other, own)) throw takenError(path, other);
    log.warn({ path, pid: other?.pid ?? null }, 'taking over the lock of a process that is gone');
    await putAside(path, other);
  }
  throw new BelayError('global', `The lock file ${path} keeps changing hands: another process is starting on the same data directory.`);
}

async function describeOwnProcess(): Promise<Owner> {
  return {
    token: randomUUID(),
    pid: process.pid,
    started: await startOf(process.pid),
    boot: await firstLine('/proc/sys/kernel/random/boot_id'),
    namespace: await readlink('/proc/self/ns/pid').catch(() => null),
    host: hostname(),
  };
}

/** Field 22 of /proc/<pid>/stat; the command before it may contain spaces and brackets. */
async function startOf(pid: number): Promise<string | null> {
  const line = await firstLine(`/proc/${pid}/stat`);
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function firstLine(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then((text) => text.trim().split('\n')[0] ?? null, () => null);
}

/** A hard link is created only when the name is free, and shows its whole content from the first moment. */
async function createWith(path: string, own: Owner): Promise<boolean> {
  const draft = `${path}.${own.token}`;
  await writeFile(draft, `${JSON.stringify(own)}\n`, { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The owner; null when the file cannot be understood, `gone` when it is no longer there. */
async function readOwner(path: string): Promise<Owner | null | 'gone'> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isOwner(value) ? value : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'gone';
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isOwner(value: unknown): value is Owner {
  return typeof value === 'object' && value !== null && 'token' in value && typeof value.token === 'string' && 'pid' in value && typeof value.pid === 'number';
}

async function isAlive(path: string, other: Owner | null, own: Owner): Promise<boolean> {
  if (other === null) return stillBeats(path);
  const sameMachine = other.boot !== null && other.boot === own.boot && other.namespace !== null && other.namespace === own.namespace;
  if (sameMachine) return other.started !== null && (await startOf(other.pid)) === other.started;
  if (other.boot === null && other.host === own.host && !processExists(other.pid)) return false;
  return stillBeats(path);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Whether the owner touches its file while we look: works across containers and machines, without comparing clocks. */
async function stillBeats(path: string): Promise<boolean> {
  const modified = async () => (await stat(path).catch(() => null))?.mtimeMs ?? null;
  const before = await modified();
  for (let waited = 0; waited < SILENCE_MS; waited += 250) {
    await delay(250);
    if ((await modified()) !== before) return true;
  }
  return false;
}

/** Moves an abandoned lock away. When it turns out to be a new one by then, it is put back. */
async function putAside(path: string, abandoned: Owner | null): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readOwner(aside);
  const same = moved === abandoned || (moved !== null && moved !== 'gone' && moved.token === abandoned?.token);
  if (!same) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function keep(path: string, own: Owner, log: Log): LockFile {
  let lost = false;
  let missing = 0;
  const listeners: (() => void)[] = [];
  const beat = async () => {
    const now = await readOwner(path).catch(() => null);
    if (now === null || (now !== 'gone' && now.token === own.token)) {
      missing = 0;
      return utimes(path, new Date(), new Date());
    }
    // Somebody who believed the lock abandoned may have moved it aside, and puts it back.
    missing += 1;
    if (now === 'gone' && missing < 3) return;
    lost = true;
    clearInterval(timer);
    log.error({ path }, 'the lock on the data directory was lost to another process; letting go of the database');
    for (const listener of listeners) listener();
  };
  const timer = setInterval(() => void beat().catch((error: unknown) => log.warn({ err: error, path }, 'could not refresh the lock file')), HEARTBEAT_MS);
  timer.unref();
  return {
    onLost: (listener) => void listeners.push(listener),
    async release() {
      clearInterval(timer);
      const now = lost ? 'gone' : await readOwner(path).catch(() => null);
      if (now !== null && now !== 'gone' && now.token === own.token) await rm(path, { force: true });
    },
  };
}

function takenError(path: string, other: Owner | null): BelayError {
  const who = other === null ? 'another process' : `process ${other.pid} on ${other.host}`;
  return new BelayError(
    'global',
    `The database is in use by ${who} (lock file ${path}). One process at a time can use the embedded database: stop that one, ` +
      'give this one a BELAY_DATA_DIR of its own, or set DATABASE_URL to run several processes on Postgres.',
  );
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
