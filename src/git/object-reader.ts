import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { SAFE_OPTIONS, gitEnvironment } from './run-git.js';

interface Waiting {
  readonly resolve: (answer: { readonly size: number; readonly content: Buffer } | null) => void;
  readonly reject: (error: Error) => void;
}

type Batch = 'contents' | 'info';

/** Reads objects through two long-running `git cat-file` processes: thousands of files for the price of one start. */
export interface ObjectReader {
  /** The content of an object by its id; null when it does not exist. */
  read(object: string): Promise<Buffer | null>;
  /** Its size in bytes without reading it; null when it does not exist. */
  size(object: string): Promise<number | null>;
  close(): void;
}

/** Opens a reader on a repository. The processes start with the first call. */
export function openObjectReader(directory: string): ObjectReader {
  const contents = openBatch(directory, 'contents');
  const info = openBatch(directory, 'info');
  return {
    read: async (object) => (await contents.ask(object))?.content ?? null,
    size: async (object) => (await info.ask(object))?.size ?? null,
    close: () => {
      contents.close();
      info.close();
    },
  };
}

interface OpenBatch {
  ask(object: string): Promise<{ readonly size: number; readonly content: Buffer } | null>;
  close(): void;
}

function openBatch(directory: string, batch: Batch): OpenBatch {
  let child: ChildProcessWithoutNullStreams | null = null;
  const waiting: Waiting[] = [];
  const fail = (error: Error): void => {
    for (const one of waiting.splice(0)) one.reject(error);
    child = null;
  };
  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn('git', [...SAFE_OPTIONS, 'cat-file', batch === 'contents' ? '--batch' : '--batch-check'], { cwd: directory, env: gitEnvironment() });
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
function answerReader(batch: Batch, emit: (answer: { readonly size: number; readonly content: Buffer } | null) => void): (chunk: Buffer) => void {
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
      const header = / (?:blob|tree|commit|tag) (\d+)$/.exec(rest.toString('utf8', 0, lineEnd));
      const size = header ? Number(header[1]) : 0;
      const end = lineEnd + 1 + (header && batch === 'contents' ? size + 1 : 0);
      if (rest.length < end) {
        need = end;
        break;
      }
      emit(header ? { size, content: batch === 'contents' ? rest.subarray(lineEnd + 1, end - 1) : Buffer.alloc(0) } : null);
      rest = rest.subarray(end);
    }
    chunks = rest.length > 0 ? [rest] : [];
    buffered = rest.length;
  };
}
