// The entry of the child process: a database in memory that executes what its parent sends. It knows nothing of proofs.
import { Worker } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import { boot, emptyDatabase, loadParts, onFall, save, type EmptyDatabase, type Parts } from './boot.js';
import { CEILING, LAST_MOMENT, type ChildAnswer, type ChildTask, type FromChild, type ToChild } from './messages.js';
import { extendedQuery, readResponse, simpleQuery, type Response, type WireLimits } from './wire.js';

/** Answers to our own queries; larger ones are refused. */
const ANSWER_LIMITS: WireLimits = { rows: 100_000, bytes: 16_000_000 };

/** How long after its deadline a child that its parent did not end ends itself. */
const GRACE_MILLISECONDS = 2_000;

/** The engine, or its host, is out of memory, disk or configured room: no fault of the statement's. */
const OUT_OF_RESOURCES = /^53(?!300)/;

function send(message: FromChild): void {
  process.send?.(message);
}

function startWatchdog(): BigInt64Array {
  const limits = new BigInt64Array(new SharedArrayBuffer(16));
  const worker = new Worker(new URL('watchdog.js', import.meta.url), { workerData: limits.buffer });
  worker.unref();
  // Without it nothing bounds this process.
  worker.on('error', () => process.exit(1));
  worker.on('exit', () => process.exit(1));
  return limits;
}

interface Session {
  readonly parts: Parts;
  readonly empty: EmptyDatabase;
  readonly watched: BigInt64Array;
  database: PGlite | null;
  fallen: boolean;
}

function watchFor(session: Session, bytes: number): void {
  Atomics.store(session.watched, CEILING, BigInt(process.memoryUsage.rss() + Math.round(bytes)));
  Atomics.notify(session.watched, CEILING);
}

async function open(session: Session, task: ChildTask & { kind: 'boot' }): Promise<ChildAnswer> {
  Atomics.store(session.watched, LAST_MOMENT, BigInt(Date.now() + Math.ceil(task.limits.milliseconds) + GRACE_MILLISECONDS));
  // While it opens it needs several copies of the files.
  watchFor(session, task.limits.bytes + 1_000_000_000);
  try {
    session.database = await boot(session.parts, task.saved ?? session.empty.packed, task.extensions);
    onFall(session.database, () => {
      session.fallen = true;
    });
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
  watchFor(session, task.limits.bytes);
  return { kind: 'booted' };
}

/** Null when the engine fell over. */
async function talk(session: Session, database: PGlite, message: Uint8Array, limits: WireLimits | null): Promise<Response | null> {
  const reader = readResponse(limits);
  try {
    await database.execProtocolRawStream(message, { onRawData: (bytes) => reader.take(bytes), syncToFs: false });
  } catch {
    return null;
  }
  const response = reader.response();
  return response.complete && !session.fallen ? response : null;
}

function answered(response: Response | null, limited: boolean): ChildAnswer {
  if (response === null || response.refusal?.fatal === true) return { kind: 'lost', why: 'crash' };
  const { refusal } = response;
  if (refusal !== null) return OUT_OF_RESOURCES.test(refusal.code) ? { kind: 'lost', why: 'memory' } : { kind: 'refused', refusal: { code: refusal.code, message: refusal.message } };
  if (response.overflow) return { kind: 'refused', refusal: { code: '54000', message: 'the answer is too large' } };
  return limited ? { kind: 'rows', answer: response.answer } : { kind: 'ran' };
}

async function run(session: Session, task: ChildTask): Promise<ChildAnswer> {
  if (task.kind === 'boot') return open(session, task);
  const { database } = session;
  if (database === null) return { kind: 'failed', message: 'no database is open' };
  switch (task.kind) {
    case 'query':
      return answered(await talk(session, database, extendedQuery(task.sql, task.params), ANSWER_LIMITS), true);
    case 'attempt':
      return answered(await talk(session, database, simpleQuery(task.sql), null), false);
    case 'save':
      return { kind: 'saved', bytes: await save(database) };
  }
}

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches every process of a terminal; the parent decides what it means.
process.on('SIGINT', () => undefined);

const watched = startWatchdog();
const [parts, empty] = await Promise.all([loadParts(), emptyDatabase()]);
const session: Session = { parts, empty, watched, database: null, fallen: false };
let last: Promise<void> = Promise.resolve();
process.on('message', ({ id, task }: ToChild) => {
  last = last
    .then(() => run(session, task))
    .catch((error: unknown): ChildAnswer => ({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }))
    .then((answer) => send({ kind: 'answer', id, answer }));
});
send({ kind: 'prepared', version: empty.server });
