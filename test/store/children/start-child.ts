import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Child {
  readonly pid: number;
  readonly url: string;
  /** Deliveries and jobs that are not done yet. */
  waiting(): Promise<number>;
  /** Ends it at once, as a power cut for the process alone. */
  kill(): Promise<void>;
  /** Asks it to end and answers its exit code. */
  terminate(): Promise<number | null>;
}

export const SECRET = 'a secret of the tests, long enough';

/** Starts `serve.ts` in a process of its own; resolves when it takes deliveries. */
export async function startChild(args: readonly string[]): Promise<Child> {
  const script = join(import.meta.dirname, 'serve.ts');
  const child = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', script, ...args], {
    env: { ...process.env, WEBHOOK_SECRET: SECRET, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const [, port] = /port (\d+)\n/.exec(chunk.toString()) ?? [];
      if (port !== undefined) resolve(port);
    });
    void ended.then((code) => reject(new Error(`The process ended with ${code} before it was ready: ${errors}`)));
  });
  const address = `http://127.0.0.1:${await ready}`;
  return {
    pid: child.pid ?? 0,
    url: `${address}/api/github/webhooks`,
    waiting: async () => Number(await (await fetch(`${address}/waiting`)).text()),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    terminate() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
