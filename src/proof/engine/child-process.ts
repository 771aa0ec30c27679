import { fork, type ChildProcess } from 'node:child_process';
import { dirname, join, parse } from 'node:path';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { EngineLost, type EngineLimits } from '../engine.js';
import { MEMORY_MARK, type ChildAnswer, type ChildTask, type FromChild, type ToChild } from './messages.js';

/** The built child, also where this file runs from its source. */
export const CHILD_ENTRY = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/proof/engine/child.js' : './child.js', import.meta.url);

/** A process that executes SQL. Every answer rejects with `EngineLost` once it is gone. */
export interface Child {
  /** Resolves with the server's version once it may be used. */
  readonly prepared: Promise<string>;
  ask(task: ChildTask): Promise<ChildAnswer>;
  /** Ends it at once; `why` is what pending and later calls are told. */
  kill(why: string): void;
  readonly ended: boolean;
  /** Resolves when the process is no more. */
  readonly gone: Promise<void>;
}

const ENDED = 'the database ended unexpectedly';

/** The last words of a child that are kept. */
const MAXIMUM_WORDS = 4_000;

export function memoryWords(limits: EngineLimits): string {
  return `it needed more than ${String(Math.round(limits.bytes / 1_000_000))} MB`;
}

export function timeWords(limits: EngineLimits): string {
  return `it took more than ${String(Math.round(limits.milliseconds / 100) / 10)} seconds`;
}

/** Nothing but the child's own files and the engine's can be read, nothing written, no process started. */
function permissions(entry: string): readonly string[] {
  const flags = process.allowedNodeEnvironmentFlags;
  const flag = ['--permission', '--experimental-permission'].find((one) => flags.has(one));
  if (flag === undefined) return [];
  const engine = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '..');
  const readable = [join(dirname(entry), '*'), join(engine, '*'), join(dirname(entry), '..', '..', '..', 'package.json')];
  return [flag, '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)];
}

/** Deep recursions end with Postgres' own error before the stack does. Windows gives the main thread less than this. */
const STACK = process.platform === 'win32' ? [] : ['--stack-size=3900'];

function start(entry: string): ChildProcess {
  return fork(entry, [], {
    execArgv: ['--no-warnings', '--liftoff-only', ...STACK, ...permissions(entry)],
    env: {},
    cwd: parse(entry).root,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

interface Waiting {
  resolve(answer: ChildAnswer): void;
  reject(error: EngineLost): void;
}

/** Starts a child that is prepared for a database, not yet holding one. While nothing is asked of it, it keeps no process alive. */
export function startChild(entry: URL = CHILD_ENTRY): Child {
  const child = start(fileURLToPath(entry));
  const waiting = new Map<number, Waiting>();
  let [count, words, why, over] = [0, '', null as string | null, false];
  let limits: EngineLimits | null = null;
  let prepared: { resolve(version: string): void; reject(error: Error): void } | null = null;

  const hold = (): void => {
    // A child that was killed is waited for: whoever closes it is told when it is gone.
    const action = waiting.size > 0 || prepared !== null || over ? 'ref' : 'unref';
    child[action]();
    child.channel?.[action]();
    if (child.stderr instanceof Socket) child.stderr[action]();
  };
  const lose = (): void => {
    const error = new EngineLost(why ?? ENDED);
    prepared?.reject(error);
    prepared = null;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  };
  const kill = (reason: string): void => {
    why ??= reason;
    over = true;
    child.kill('SIGKILL');
    lose();
    hold();
  };
  const version = new Promise<string>((resolve, reject) => {
    prepared = { resolve, reject };
  });
  // Whoever waits for it is told; nobody has to.
  version.catch(() => undefined);
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      if (words.includes(MEMORY_MARK) || words.includes('heap out of memory')) why ??= limits === null ? ENDED : memoryWords(limits);
      if (prepared !== null) why ??= `the embedded database could not be started: ${words.trim().split('\n').find((line) => line.includes('Error')) ?? 'it ended at once'}`;
      lose();
      resolve();
    };
    child.once('close', end);
    child.once('error', end);
  });
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    words = (words + piece).slice(-MAXIMUM_WORDS);
  });
  child.on('message', (message: FromChild) => {
    if (message.kind === 'prepared') {
      prepared?.resolve(message.version);
      prepared = null;
    } else {
      const one = waiting.get(message.id);
      waiting.delete(message.id);
      one?.resolve(message.answer);
    }
    hold();
  });
  hold();

  return {
    prepared: version,
    gone,
    kill,
    get ended() {
      return over;
    },
    ask(task) {
      if (over) return Promise.reject(new EngineLost(why ?? ENDED));
      if (task.kind === 'boot') limits = task.limits;
      count += 1;
      const id = count;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        hold();
        // A failure to send is followed by the child's end.
        child.send({ id, task } satisfies ToChild, () => undefined);
      });
    },
  };
}
