import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { SAFE_OPTIONS, gitEnvironment } from './run-git.js';

interface Answer {
  /** The object's full id. */
  readonly object: string;
  readonly size: number;
  /** Empty where only information was asked for. */
  readonly content: Buffer;
}

interface Waiting {
  readonly resolve: (answer: Answer | null) => void;
  readonly reject: (error: Error) => void;
}

type Batch = 'contents' | 'info';
type BatchProcess = ChildProcessByStdio<Writable, Readable, null>;

/** Reads objects through two long-running `git cat-file` processes: thousands of files for the price of one start. */
export interface ObjectReader {
  /** The content of an object by its id; null when it does not exist. */
  read(object: string): Promise<Buffer | null>;
  /** Its size in bytes without reading it; null when it does not exist. */
  size(object: string): Promise<number | null>;
  /** The full id of what a name stands for (`main^{commit}`); null when there is no such thing, or more than one. */
  find(name: string): Promise<string | null>;
  close(): void;
}

/** Opens a reader on a repository. The processes start with the first call. */
export function openObjectReader(directory: string): ObjectReader {
  const contents = openBatch(directory, 'contents');
  const info = openBatch(directory, 'info');
  return {
    read: async (object) => (await contents.ask(object))?.content ?? null,
    size: async (object) => (await info.ask(object))?.size ?? null,
    // A question is one line.
    find: async (name) => (name.includes('\n') ? null : ((await info.ask(name))?.object ?? null)),
    close: () => {
      contents.close();
      info.close();
    },
  };
}

interface OpenBatch {
  ask(object: string): Promise<Answer | null>;
  close(): void;
}

function openBatch(directory: string, batch: Batch): OpenBatch {
  let child: BatchProcess | null = null;
  const waiting: Waiting[] = [];
  const fail = (error: Error): void => {
    for (const one of waiting.splice(0)) one.reject(error);
    child = null;
  };
  const start = (): BatchProcess => {
    const started = spawn('git', [...SAFE_OPTIONS, 'cat-file', batch === 'contents' ? '--batch' : '--batch-check'], { cwd: directory, env: gitEnvironment(), stdio: ['pipe', 'pipe', 'ignore'] });
    const feed = answerReader(batch, (answer) => waiting.shift()?.resolve(answer));
    started.stdout.on('data', feed);
    started.stdin.on('error', () => undefined);
    started.on('error', fail);
    started.on('close', () => fail(new Error('git cat-file ended early')));
    return started;
  };
  return {
    ask: async (object) =>
      new Promise((resolve, reject) => {
        child ??= start();
        waiting.push({ resolve, reject });
        child.stdin.write(`${object}\n`);
      }),
    close: () => {
      child?.stdin.end();
    },
  };
}

/** Cuts the stream of answers: a header line `<object> <type> <size>`, then, for contents, that many bytes and a newline. */
function answerReader(batch: Batch, emit: (answer: Answer | null) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let need = 1;
  return (chunk) => {
    chunks.push(chunk);
    buffered += chunk.length;
    if (buffered < need) return;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    need = 1;
    for (;;) {
      const lineEnd = rest.indexOf(10);
      if (lineEnd < 0) break;
      const header = /^([0-9a-f]+) (?:blob|tree|commit|tag) (\d+)$/.exec(rest.toString('utf8', 0, lineEnd));
      const size = header ? Number(header[2]) : 0;
      const end = lineEnd + 1 + (header && batch === 'contents' ? size + 1 : 0);
      if (rest.length < end) {
        need = end;
        break;
      }
      emit(header ? { object: header[1] ?? '', size, content: batch === 'contents' ? rest.subarray(lineEnd + 1, end - 1) : Buffer.alloc(0) } : null);
      rest = rest.subarray(end);
    }
    chunks = rest.length > 0 ? [rest] : [];
    buffered = rest.length;
  };
}
