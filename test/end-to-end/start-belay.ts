import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GitHub } from '../support/github/start-github.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How long anything may take before a story gives up. Only a broken server ever takes so long. */
const PATIENCE_MS = 90_000;

/** A real `belay serve` in a process of its own. */
export interface Belay {
  readonly url: string;
  /** What it has logged of its work so far. */
  readonly log: () => string;
  /** Every byte it has written, its access log included. */
  readonly output: () => string;
  /** Ends it like the kernel does when memory runs out. */
  kill(): Promise<void>;
  /** Starts it again on the same data and the same port. */
  restart(): Promise<void>;
  /** Waits until it has nothing left to do: everything delivered, no work waiting, and no request to GitHub in a while. */
  idle(): Promise<void>;
  /** Ends it politely and removes its data. Gives the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the built Belay against a stand-in for GitHub, which is told where to send webhooks. */
export async function startBelay(github: GitHub, environment: Readonly<Record<string, string>> = {}): Promise<Belay> {
  const data = await mkdtemp(join(tmpdir(), 'belay-story-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const settings = {
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: github.webhookSecret,
    HOST: '127.0.0.1',
    PORT: String(port),
    GHE_HOST: github.host,
    GHE_PROTOCOL: 'http',
    BELAY_DATA_DIR: data,
    LOG_LEVEL: 'info',
    ...environment,
  };
  let log = '';
  let output = '';
  const hear = (line: string): void => {
    output += line;
    // Its access log would drown what it says about its work.
    if (!line.includes('"name":"http"')) log += line;
  };
  let child = launch(settings, hear);
  await ready(url, child, () => log);
  github.connect(url);
  return {
    url,
    log: () => log,
    output: () => output,
    kill: () => end(child, 'SIGKILL').then(() => undefined),
    async restart() {
      child = launch(settings, hear);
      await ready(url, child, () => log);
    },
    idle: () => idle(github, url, () => log),
    async stop() {
      const code = await end(child, 'SIGTERM');
      await rm(data, { recursive: true, force: true });
      return code;
    },
  };
}

function launch(settings: Readonly<Record<string, string>>, hear: (text: string) => void): ChildProcess {
  const child = spawn(process.execPath, ['dist/doors/cli.js', 'serve'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => hear(`${line}\n`));
  child.stderr.on('data', (chunk: Buffer) => hear(chunk.toString()));
  return child;
}

function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill(signal);
  return ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

async function ready(url: string, child: ChildProcess, log: () => string): Promise<void> {
  await until('belay is ready', log, async () => {
    if (child.exitCode !== null) throw new Error(`belay ended with ${String(child.exitCode)}:\n${log()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    return answer?.ok === true;
  });
}

/** Waits until something holds. Throws with the end of the log when it never does. */
export async function until(what: string, log: () => string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}\n${log().slice(-6_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Looks in a row that must all find nothing to do. */
const QUIET_LOOKS = 4;

async function idle(github: GitHub, url: string, log: () => string): Promise<void> {
  let quiet = 0;
  let seen = -1;
  await until('belay is idle', log, async () => {
    await github.settled();
    const busy = github.state.deliveries.some((delivery) => delivery.status === 'pending') || (await depth(url)) !== 0 || github.state.requests.length !== seen;
    seen = github.state.requests.length;
    quiet = busy ? 0 : quiet + 1;
    return quiet >= QUIET_LOOKS;
  });
}

async function depth(url: string): Promise<number | null> {
  const answer = await fetch(`${url}/metrics`).catch(() => null);
  const line = /^belay_queue_depth (\d+)$/m.exec((await answer?.text()) ?? '');
  return line === null ? null : Number(line[1]);
}
