import { EngineLost, EngineRefused, type Engine, type OpenEngine, type Refusal, type SavedDatabase, type TextRow } from '../engine.js';
import { memoryWords, startChild, timeWords, type Child } from './child-process.js';
import type { Answer, ChildAnswer, ChildTask } from './messages.js';

/** Where children come from. */
interface Children {
  take(): Child;
  /** Called when a database is open and the machine may do something else. */
  ready(): void;
}

export interface EnginePool {
  readonly open: OpenEngine;
  /** Ends every child; engines that are still open are lost. */
  close(): Promise<void>;
}

const STOPPED = 'it was stopped';

/** Postgres takes C strings; what stands behind a NUL byte would be cut off silently. */
const NUL: Refusal = { code: '22021', message: 'invalid byte sequence for encoding "UTF8": 0x00' };

/** A child for each database, started when it is needed. */
export const openPglite: OpenEngine = openFrom({ take: () => startChild(), ready: () => undefined });

/** Keeps one prepared child waiting, so that a proof need not wait for one. A child that was used is never used again. */
export function openPool(entry?: URL): EnginePool {
  const alive = new Set<Child>();
  let warm: Child | null = null;
  let closed = false;
  const begin = (): Child => {
    const child = startChild(entry);
    alive.add(child);
    void child.gone.then(() => alive.delete(child));
    return child;
  };
  const open = openFrom({
    take() {
      const taken = warm === null || warm.ended ? begin() : warm;
      warm = null;
      return taken;
    },
    ready() {
      if (!closed && (warm === null || warm.ended)) warm = begin();
    },
  });
  warm = begin();
  return {
    open: (options) => (closed ? Promise.reject(new EngineLost(STOPPED)) : open(options)),
    async close() {
      closed = true;
      const left = [...alive];
      for (const child of left) child.kill(STOPPED);
      await Promise.all(left.map((child) => child.gone));
    },
  };
}

function openFrom(children: Children): OpenEngine {
  return async (options) => {
    const session = startSession(children, options);
    try {
      const version = await session.child.prepared;
      return engineOn(session, version);
    } catch (error) {
      session.end(STOPPED);
      throw error;
    }
  };
}

type Options = Parameters<OpenEngine>[0];

/** A proof's way through its children: the database is opened when something is first asked of it. */
interface Session {
  readonly child: Child;
  readonly options: Options;
  booted: boolean;
  /** Why it is over. */
  readonly over: string | null;
  /** Goes on in another child. */
  replace(): void;
  ready(): void;
  end(why: string): void;
}

function startSession(children: Children, options: Options): Session {
  const { limits, signal } = options;
  let child = children.take();
  let over: string | null = null;
  const end = (why: string): void => {
    over ??= why;
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    child.kill(over);
  };
  const abort = (): void => end(STOPPED);
  // What waits for an answer keeps this process alive, the deadline alone does not.
  const timer = setTimeout(() => end(timeWords(limits)), limits.milliseconds).unref();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) end(STOPPED);
  return {
    get child() {
      return child;
    },
    get over() {
      return over;
    },
    options,
    booted: false,
    replace() {
      if (over !== null) throw new EngineLost(over);
      child.kill(STOPPED);
      child = children.take();
      this.booted = false;
    },
    ready: () => children.ready(),
    end,
  };
}

async function boot(session: Session, saved: Uint8Array | null): Promise<void> {
  await session.child.prepared;
  session.booted = true;
  const { limits, extensions } = session.options;
  const answer = await session.child.ask({ kind: 'boot', saved, extensions, limits });
  session.ready();
  if (answer.kind === 'failed') throw new EngineRefused({ code: 'XX001', message: `the database cannot be opened: ${answer.message}` });
}

async function ask(session: Session, task: ChildTask): Promise<ChildAnswer> {
  if (!session.booted) await boot(session, null);
  const answer = await session.child.ask(task);
  if (answer.kind !== 'lost' && answer.kind !== 'failed') return answer;
  const why = answer.kind === 'lost' && answer.why === 'memory' ? memoryWords(session.options.limits) : 'the database ended unexpectedly';
  session.end(why);
  throw new EngineLost(why);
}

function rowsOf({ columns, rows }: Answer): readonly TextRow[] {
  return rows.map((values) => Object.fromEntries(columns.map((name, index) => [name, values[index] ?? null])));
}

/** A saved database that does not open leaves an empty one. */
async function restore(session: Session, saved: SavedDatabase | null): Promise<void> {
  if (saved !== null && saved.bytes === null) throw new EngineRefused({ code: 'XX001', message: 'the database was not saved by this engine' });
  if (session.booted) session.replace();
  try {
    await boot(session, saved?.bytes ?? null);
  } catch (error) {
    if (error instanceof EngineRefused) session.replace();
    throw error;
  }
}

function engineOn(session: Session, version: string): Engine {
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(() => {
      if (session.over !== null) throw new EngineLost(session.over);
      return work();
    });
    last = next.catch(() => undefined);
    return next;
  };
  return {
    server: { version, kind: 'pglite' },
    major: Number.parseInt(version, 10),
    query: (sql, params = []) =>
      inOrder(async () => {
        if (sql.includes('\0') || params.some((one) => one?.includes('\0'))) throw new EngineRefused(NUL);
        const answer = await ask(session, { kind: 'query', sql, params });
        if (answer.kind === 'refused') throw new EngineRefused(answer.refusal);
        return answer.kind === 'rows' ? rowsOf(answer.answer) : [];
      }),
    attempt: (sql) =>
      inOrder(async () => {
        if (sql.includes('\0')) return NUL;
        const answer = await ask(session, { kind: 'attempt', sql });
        return answer.kind === 'refused' ? answer.refusal : null;
      }),
    save: () =>
      inOrder(async () => {
        const answer = await ask(session, { kind: 'save' });
        if (answer.kind !== 'saved') throw new EngineLost('the database could not be saved');
        return { kind: 'pglite', name: null, bytes: answer.bytes };
      }),
    restore: (saved) => inOrder(() => restore(session, saved)),
    async close() {
      session.end(STOPPED);
      await session.child.gone;
    },
  };
}
