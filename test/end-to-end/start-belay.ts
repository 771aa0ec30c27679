import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GitHub } from '../support/github/start-github.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How long anything may take before a story gives up. Only a broken server ever takes so long. */
const PATIENCE_MS = 240_000;

/** A real `belay serve` in a process of its own. */
export interface Belay {
  /** Another one after each restart. */
  readonly url: string;
  /** What it has logged of its work so far. */
  readonly log: () => string;
  /** Every byte it has written, its access log included. */
  readonly output: () => string;
  /** Ends it like the kernel does when memory runs out. */
  kill(): Promise<void>;
  /** Starts it again on the same data, and tells the stand-in where it is now. */
  restart(): Promise<void>;
  /** Waits until it has nothing left to do: everything delivered, no work waiting, and no request to GitHub in a while. */
  idle(): Promise<void>;
  /** Ends it politely and removes its data. Gives the exit code. */
  stop(): Promise<number | null>;
}

/** One run of the server. */
interface Run {
  readonly child: ChildProcess;
  /** The port it says it listens on; null before it has said so. */
  port: number | null;
}

/** Starts the built Belay, on a port that the system chooses, against a stand-in for GitHub, which is told where to send webhooks. */
export async function startBelay(github: GitHub, environment: Readonly<Record<string, string>> = {}): Promise<Belay> {
  const data = await mkdtemp(join(tmpdir(), 'belay-story-'));
  const settings = {
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: github.webhookSecret,
    HOST: '127.0.0.1',
    PORT: '0',
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
  const start = async (): Promise<Run> => {
    const run = launch(data, settings, hear);
    await ready(run, () => log).catch(async (error: unknown) => {
      await end(run.child, 'SIGKILL');
      throw error;
    });
    github.connect(urlOf(run));
    return run;
  };
  let run = await start();
  return {
    get url() {
      return urlOf(run);
    },
    log: () => log,
    output: () => output,
    kill: () => end(run.child, 'SIGKILL').then(() => undefined),
    async restart() {
      run = await start();
    },
    idle: () => idle(github, () => urlOf(run), () => log),
    async stop() {
      const code = await end(run.child, 'SIGTERM');
      await rm(data, { recursive: true, force: true });
      return code;
    },
  };
}

function urlOf({ port }: Run): string {
  return `http://127.0.0.1:${String(port ?? 0)}`;
}

function launch(data: string, settings: Readonly<Record<string, string>>, hear: (text: string) => void): Run {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'doors', 'cli.js'), 'serve'], {
    // Not where a developer may have an `.env` of theirs.
    cwd: data,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: Run = { child, port: null };
  createInterface({ input: child.stdout }).on('line', (line) => {
    run.port ??= Number(/"port":(\d+).*"msg":"listening"/.exec(line)?.[1] ?? Number.NaN) || null;
    hear(`${line}\n`);
  });
  child.stderr.on('data', (chunk: Buffer) => hear(chunk.toString()));
  return run;
}

function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill(signal);
  return ended;
}

async function ready(run: Run, log: () => string): Promise<void> {
  await until('belay is ready', log, async () => {
    if (run.child.exitCode !== null || run.child.signalCode !== null) throw new Error(`belay ended with ${String(run.child.exitCode ?? run.child.signalCode)}:\n${log()}`);
    if (run.port === null) return false;
    const answer = await fetch(`${urlOf(run)}/readyz`).catch(() => null);
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

async function idle(github: GitHub, url: () => string, log: () => string): Promise<void> {
  let quiet = 0;
  let seen = -1;
  await until('belay is idle', log, async () => {
    await github.settled();
    const busy = github.state.deliveries.some((delivery) => delivery.status === 'pending') || (await waiting(url())) !== 0 || github.state.requests.length !== seen;
    seen = github.state.requests.length;
    quiet = busy ? 0 : quiet + 1;
    return quiet >= QUIET_LOOKS;
  });
}

/** What is stored and not yet done, deliveries and work; null when the server does not say. */
async function waiting(url: string): Promise<number | null> {
  const answer = await fetch(`${url}/metrics`).catch(() => null);
  const text = (await answer?.text().catch(() => '')) ?? '';
  const [inbox, queue] = ['inbox', 'queue'].map((name) => new RegExp(`^belay_${name}_depth (\\d+)$`, 'm').exec(text)?.[1]);
  return inbox === undefined || queue === undefined ? null : Number(inbox) + Number(queue);
}
