/**
 * A small Belay in a process of its own, to be killed: intake → inbox → queue → a worker that writes down what it did.
 * Arguments: data directory, journal, and a database URL for Postgres. Says its port on stdout once it is ready, and on `/waiting`
 * how many deliveries and jobs are not done yet.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Delivery, Translated } from '../../../src/core/delivery.js';
import { createIntake } from '../../../src/doors/intake.js';
import { startLoop } from '../../../src/queue/start-loop.js';
import { startQueue } from '../../../src/queue/start-queue.js';
import { dispatchInbox } from '../../../src/store/dispatch-inbox.js';
import { inboxDepth, openInbox } from '../../../src/store/inbox.js';
import { openStore } from '../../../src/store/open-store.js';
import { finish, pendingFor } from '../../../src/store/requests.js';
import { memoryLog } from '../memory-log.js';

const [, , dataDirectory = '', journal = '', databaseUrl] = process.argv;
const log = memoryLog();
const store = await openStore({ dataDirectory, databaseUrl, log });
const inbox = openInbox(store);

const queue = await startQueue({
  store,
  concurrency: 3,
  log,
  work: async (key, signal, attempt) => {
    const { reviews } = await pendingFor(store, key);
    appendFileSync(journal, `begin ${key} ${process.pid} ${attempt.number}\n`);
    await delay(30, undefined, { signal });
    for (const { id } of reviews) appendFileSync(journal, `done ${id}\n`);
    await finish(store, reviews.map(({ id }) => id));
    appendFileSync(journal, `end ${key} ${process.pid}\n`);
  },
});

function translate({ id, payload }: Delivery): Translated {
  const { pull } = JSON.parse(Buffer.from(payload).toString('utf8')) as { pull: number };
  const repo = { owner: 'acme', name: 'shop' };
  return { reviews: [{ id, repo, pull, headSha: null, trigger: 'pushed', delivery: id }], commands: [], pushers: [] };
}

const dispatching = startLoop({
  name: 'dispatch',
  every: 1_000,
  pass: async () => {
    const { taken } = await dispatchInbox({ store, translate, enqueue: (sql, keys) => queue.enqueue(sql, keys), log });
    if (taken > 0) queue.wake();
    return taken > 0 ? 'again' : 'idle';
  },
  log,
});

const intake = createIntake({
  secrets: [process.env['WEBHOOK_SECRET'] ?? ''],
  accept: async (delivery) => {
    const outcome = await inbox.accept(delivery);
    dispatching.wake();
    return outcome;
  },
  log,
  metrics: { delivered: () => undefined },
});
const server = createServer((request, response) => {
  void intake(request, response).then(async (handled) => handled || response.end(String((await inboxDepth(store)) + (await queue.depth()))));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`port ${address !== null && typeof address === 'object' ? address.port : 0}\n`);
});

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void (async () => {
    await dispatching.stop();
    await queue.drain(5_000);
    await store.close();
    appendFileSync(journal, `drained ${process.pid}\n`);
  })();
});
