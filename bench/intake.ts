/**
 * How many deliveries a second are acknowledged, how long one waits for its 202, and whether one of them is lost when the
 * server is killed at the end. The server is a process of its own; this one sends.
 *
 *   node --import @swc-node/register/esm-register bench/intake.ts [--seconds 10] [--connections 32]
 */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../src/store/open-store.js';
import { startPostgres } from '../test/support/postgres/start-postgres.js';

const SECRET = 'a secret for the benchmark, long enough';
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' }, connections: { type: 'string', default: '32' } } });
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

interface Cost {
  readonly cpuMs: number;
  readonly residentMb: number;
}

interface BenchServer {
  readonly port: number;
  /** What the server has used so far. */
  cost(): Promise<Cost>;
  kill(): Promise<void>;
}

interface Outcome {
  readonly acknowledged: readonly string[];
  readonly refused: number;
  readonly latencies: readonly number[];
  readonly seconds: number;
}

/** The payload of a real `pull_request` event, as JSON. */
async function examplePayload(): Promise<{ number: number }> {
  const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json');
  const events = JSON.parse(await readFile(path, 'utf8')) as readonly { name: string; examples: readonly { action?: string; number: number }[] }[];
  const found = events.find(({ name }) => name === 'pull_request')?.examples.find(({ action }) => action === 'synchronize');
  if (found === undefined) throw new Error('No example of a pull_request event.');
  return found;
}

async function startServer(args: readonly string[]): Promise<BenchServer> {
  const script = join(import.meta.dirname, 'intake-server.ts');
  const child = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', script, ...args], {
    env: { ...process.env, WEBHOOK_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const stdout = child.stdout;
  if (stdout === null) throw new Error('The server has no output.');
  const [line] = (await once(stdout, 'data')) as [Buffer];
  return {
    port: Number(line.toString().replace('port ', '')),
    async cost() {
      child.send('cost');
      const [answer] = (await once(child, 'message')) as [Cost];
      return answer;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function send(agent: Agent, port: number, id: string, body: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-github-event': 'pull_request',
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', path: '/api/github/webhooks', method: 'POST', headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject).end(body);
  });
}

/** Each connection sends its next delivery when the last one was answered, for so many seconds. */
async function bombard(port: number, tag: string, payload: { number: number }, seconds: number, connections: number): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const acknowledged: string[] = [];
  const latencies: number[] = [];
  let refused = 0;
  const from = performance.now();
  const lane = async (number: number) => {
    for (let count = 0; performance.now() - from < seconds * 1000; count += 1) {
      const id = `${tag}-${number}-${count}`;
      const body = JSON.stringify({ ...payload, number: 1 + ((number * 31 + count) % 200) });
      const began = performance.now();
      const status = await send(agent, port, id, body);
      latencies.push(performance.now() - began);
      if (status === 202) acknowledged.push(id);
      else refused += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, number) => lane(number)));
  agent.destroy();
  return { acknowledged, refused, latencies: latencies.sort((left, right) => left - right), seconds: (performance.now() - from) / 1000 };
}

/** What a look into the database shows after the kill. */
async function afterwards(dataDirectory: string, databaseUrl: string | undefined, acknowledged: readonly string[]): Promise<{ readonly lost: number; readonly dispatched: number }> {
  const store = await openStore({ dataDirectory, databaseUrl, log });
  const rows = await store.query<{ id: string; state: string }>('SELECT id, state FROM belay.deliveries');
  await store.close();
  const stored = new Set(rows.map(({ id }) => id));
  return { lost: acknowledged.filter((id) => !stored.has(id)).length, dispatched: rows.filter(({ state }) => state === 'dispatched').length };
}

const seconds = Number(values.seconds);
const connections = Number(values.connections);
const payload = await examplePayload();
const postgres = await startPostgres({ durable: true });
const folder = await mkdtemp(join(tmpdir(), 'belay-bench-'));
const table: Record<string, string | number>[] = [];
try {
  for (const database of ['embedded', 'postgres'] as const) {
    for (const mode of ['store-only', 'dispatch'] as const) {
      const databaseUrl = database === 'postgres' ? await postgres.freshDatabase() : undefined;
      const dataDirectory = join(folder, `${database}-${mode}`);
      const server = await startServer([dataDirectory, mode, ...(databaseUrl === undefined ? [] : [databaseUrl])]);
      await bombard(server.port, 'warm', payload, 1, connections);
      const before = await server.cost();
      const { acknowledged, refused, latencies, seconds: took } = await bombard(server.port, 'lane', payload, seconds, connections);
      const after = await server.cost();
      await server.kill();
      const { lost, dispatched } = await afterwards(dataDirectory, databaseUrl, acknowledged);
      const at = (share: number) => Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 10) / 10;
      table.push({
        database,
        mode,
        'deliveries/s': Math.round(acknowledged.length / took),
        'p50 ms': at(0.5),
        'p99 ms': at(0.99),
        'CPU ms each': Math.round(((after.cpuMs - before.cpuMs) / acknowledged.length) * 100) / 100,
        'resident MB': after.residentMb,
        refused,
        acknowledged: acknowledged.length,
        'dispatched by then': dispatched,
        'lost after kill -9': lost,
      });
    }
  }
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${Buffer.byteLength(JSON.stringify(payload))} bytes a delivery, ${connections} connections, ${seconds} s each`);
console.table(table);
