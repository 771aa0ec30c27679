/** The server half of `intake.ts`: intake, inbox and, when asked for, the dispatch behind it. Arguments: data directory, `dispatch` or `store-only`, database URL. */
import { createServer } from 'node:http';
import { createIntake } from '../src/doors/intake.js';
import { startLoop } from '../src/queue/start-loop.js';
import { startQueue } from '../src/queue/start-queue.js';
import type { Delivery, Translated } from '../src/core/delivery.js';
import type { Log } from '../src/core/store.js';
import { dispatchInbox } from '../src/store/dispatch-inbox.js';
import { openInbox } from '../src/store/inbox.js';
import { openStore } from '../src/store/open-store.js';
import { finish, pendingFor } from '../src/store/requests.js';

const [, , dataDirectory = '', mode = 'dispatch', databaseUrl] = process.argv;
const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: (fields, message) => console.error(message, fields) };
const store = await openStore({ dataDirectory, databaseUrl, log });
const inbox = openInbox(store);
const wake = mode === 'dispatch' ? await startDispatch() : quiet;

async function startDispatch(): Promise<() => void> {
  const work = async (key: string) => finish(store, (await pendingFor(store, key)).reviews.map(({ id }) => id));
  const queue = await startQueue({ store, work, concurrency: 2, log });
  const pass = async () => {
    const { taken } = await dispatchInbox({ store, translate, enqueue: (sql, keys) => queue.enqueue(sql, keys), log });
    if (taken > 0) queue.wake();
    return taken > 0 ? ('again' as const) : ('idle' as const);
  };
  const loop = startLoop({ name: 'dispatch', every: 1_000, pass, log });
  return () => loop.wake();
}

function translate({ id, payload }: Delivery): Translated {
  const { number } = JSON.parse(Buffer.from(payload).toString('utf8')) as { number: number };
  return { reviews: [{ id, repo: { owner: 'acme', name: 'shop' }, pull: number, headSha: null, trigger: 'pushed', delivery: id }], commands: [], pushers: [] };
}

const intake = createIntake({
  secrets: [process.env['WEBHOOK_SECRET'] ?? ''],
  accept: async (delivery) => {
    const outcome = await inbox.accept(delivery);
    wake();
    return outcome;
  },
  log,
  metrics: { delivered: quiet },
});
const server = createServer((request, response) => void intake(request, response));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`port ${address !== null && typeof address === 'object' ? address.port : 0}`);
});

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, residentMb: Math.round(process.memoryUsage.rss() / 1e6) });
});
