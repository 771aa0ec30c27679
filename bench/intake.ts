/**
 * How many deliveries a second are acknowledged, how long one waits for its 202, and whether one of them is lost when the
 * server is killed at the end. The server is a process of its own; this one sends.
 *
 *   node --import @swc-node/register/esm-register bench/intake.ts [--seconds 10] [--connections 32]
 */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
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

interface Letter {
  readonly body: Buffer;
  readonly signature: string;
}

/** The same event for so many pull requests, signed beforehand: what is measured is taking them in. */
function lettersFor(payload: { number: number }, count: number): readonly Letter[] {
  return Array.from({ length: count }, (_, index) => {
    const body = Buffer.from(JSON.stringify({ ...payload, number: index + 1 }));
    return { body, signature: `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` };
  });
}

/** CPU time, in milliseconds, that a process and all it has started have used; null where the system does not tell. */
async function cpuOfFamily(pid: number | null): Promise<number | null> {
  if (pid === null || process.platform !== 'linux') return null;
  const stats = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')));
  let ticks = 0;
  for (const stat of stats) {
    const [own] = stat.split(' ', 1);
    // After the command in brackets: state, parent; then at 11 to 14 user and system time, its own and that of its dead children.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(own) === pid || Number(fields[1]) === pid) ticks += [11, 12, ...(Number(own) === pid ? [13, 14] : [])].reduce((sum, at) => sum + Number(fields[at]), 0);
  }
  return ticks * 10;
}

function send(agent: Agent, port: number, id: string, { body, signature }: Letter): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': body.byteLength, 'x-github-event': 'pull_request', 'x-github-delivery': id, 'x-hub-signature-256': signature };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', path: '/api/github/webhooks', method: 'POST', headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject).end(body);
  });
}

/** Each connection sends its next delivery when the last one was answered, for so many seconds. */
async function bombard(port: number, tag: string, letters: readonly Letter[], seconds: number, connections: number): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const acknowledged: string[] = [];
  const latencies: number[] = [];
  let refused = 0;
  const from = performance.now();
  const lane = async (number: number) => {
    for (let count = 0; performance.now() - from < seconds * 1000; count += 1) {
      const id = `${tag}-${number}-${count}`;
      const letter = letters[(number * 31 + count) % letters.length];
      if (letter === undefined) throw new Error('no letters');
      const began = performance.now();
      const status = await send(agent, port, id, letter);
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
const letters = lettersFor(await examplePayload(), 200);
const postgres = await startPostgres({ durable: true });
const folder = await mkdtemp(join(tmpdir(), 'belay-bench-'));
const table: Record<string, string | number>[] = [];
try {
  for (const database of ['embedded', 'postgres'] as const) {
    for (const mode of ['store-only', 'dispatch'] as const) {
      const databaseUrl = database === 'postgres' ? await postgres.freshDatabase() : undefined;
      const dataDirectory = join(folder, `${database}-${mode}`);
      const server = await startServer([dataDirectory, mode, ...(databaseUrl === undefined ? [] : [databaseUrl])]);
      await bombard(server.port, 'warm', letters, 1, connections);
      const before = { ...(await server.cost()), database: await cpuOfFamily(postgres.pid) };
      const { acknowledged, refused, latencies, seconds: took } = await bombard(server.port, 'lane', letters, seconds, connections);
      const after = { ...(await server.cost()), database: await cpuOfFamily(postgres.pid) };
      await server.kill();
      const { lost, dispatched } = await afterwards(dataDirectory, databaseUrl, acknowledged);
      const each = (milliseconds: number) => Math.round((milliseconds / acknowledged.length) * 100) / 100;
      const at = (share: number) => Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 10) / 10;
      table.push({
        database,
        mode,
        'deliveries/s': Math.round(acknowledged.length / took),
        'p50 ms': at(0.5),
        'p99 ms': at(0.99),
        'CPU ms each': each(after.cpuMs - before.cpuMs),
        'database CPU ms each': database === 'embedded' || after.database === null || before.database === null ? '' : each(after.database - before.database),
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
console.log(`${letters[0]?.body.byteLength ?? 0} bytes a delivery, ${connections} connections, ${seconds} s each`);
console.table(table);
