import type { Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { BelayError, UsageError } from '../core/errors.js';
import { connect } from '../github/connect.js';
import { startQueue, type Queue } from '../queue/start-queue.js';
import { startLoop } from '../queue/start-loop.js';
import { createKeptCode } from '../review/kept-code.js';
import { dispatchInbox } from '../store/dispatch-inbox.js';
import { inboxDepth, openInbox } from '../store/inbox.js';
import { markerKeys } from '../store/marker-keys.js';
import { openStore } from '../store/open-store.js';
import { prune } from '../store/prune.js';
import { recordsOf } from '../store/records.js';
import { closeServer, createServer } from './app.js';
import { redeliverMissed, sweepOpenPulls } from './catch-up.js';
import { createIntake } from './intake.js';
import { loadPrompts } from './load-prompts.js';
import { openMetrics, type Metrics } from './metrics.js';
import { openLog } from './open-log.js';
import { packageInfo } from './package-info.js';
import { serverModel } from './server-model.js';
import { openServerProof } from './server-proof.js';
import { loadEnvironmentFile, readSettings, type Settings } from './settings.js';
import { translate } from './translate.js';
import { createWork, type Workshop } from './worker.js';

/** Reviews in hand at once. Most of a review is waiting for the host. */
const CONCURRENCY = 4;
const MINUTE = 60_000;
/** How long the job in hand may go on once the process was asked to end. */
const DRAIN_MS = 20_000;

/** `belay serve`: runs until it is told to end. Throws `UsageError` where a setting is missing. */
export async function serveCommand(options: { readonly setup: boolean }): Promise<void> {
  loadEnvironmentFile();
  if (options.setup) {
    const { setup } = await import('./setup.js');
    return setup(process.env);
  }
  const settings = readSettings(process.env);
  const secrets = [settings.webhookSecret, settings.privateKey, settings.anthropicApiKey ?? '', settings.databaseUrl ?? ''];
  const log = openLog(settings.logLevel, secrets, process.stdout.isTTY);
  const stop = await serve(settings, log);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(log.info({ signal }, 'ending: finishing or releasing the work in hand')));
  });
  await stop();
  log.info('ended');
}

/** Puts the server together and starts it. Resolves once it answers; gives the way to end it. */
export async function serve(settings: Settings, log: Logger): Promise<() => Promise<void>> {
  const { version, homepage } = packageInfo();
  // Before the store: settings that are none leave nothing open.
  const proof = openServerProof(settings.dataDirectory, log);
  const store = await openStore({ dataDirectory: settings.dataDirectory, databaseUrl: settings.databaseUrl ?? undefined, log }).catch((error: unknown) => {
    throw error instanceof BelayError ? new UsageError(error.message) : error;
  });
  let queue: Queue | null = null;
  const running = (): Queue => {
    if (queue === null) throw new Error('the queue has not started');
    return queue;
  };
  const metrics = openMetrics({ inboxDepth: () => inboxDepth(store), queueDepth: async () => running().depth(), queueAge: async () => running().age() });
  const github = await connectTo(settings, store, metrics, log, version);
  const records = recordsOf(store);
  const prompts = await loadPrompts();
  const workshop: Workshop = { store, prove: proof.prove, records, github, log, prompts, homepage, kept: createKeptCode(), queue: running, observe: metrics.reviewed, modelFor: await serverModel(settings, store, metrics, log) };
  queue = await startQueue({ store, work: createWork(workshop), concurrency: CONCURRENCY, log });

  const inbox = openInbox(store);
  let sweepNow = (): void => undefined;
  const dispatch = startLoop({
    name: 'dispatch deliveries',
    every: 1000,
    log,
    pass: async () => {
      // Asked here and not at start: deliveries are taken in while the host is away, and wait.
      const { login, appId } = await github.identity();
      const { taken, keys } = await dispatchInbox({
        store,
        translate: (delivery) => translate(delivery, { botLogin: login, appId }, log, () => sweepNow()),
        enqueue: async (sql, wanted) => running().enqueue(sql, wanted),
        log,
      });
      if (keys.length > 0) running().wake();
      return taken > 0 ? 'again' : 'idle';
    },
  });
  sweepNow = () => {
    github.forgetInstallations();
    void sweepOpenPulls(workshop, AbortSignal.timeout(10 * MINUTE)).catch((error: unknown) => log.warn({ err: error }, 'the sweep after a change of installations failed'));
  };
  queue.every(3 * MINUTE, 'redeliver missed deliveries', async (signal) => redeliverMissed(workshop, signal));
  queue.every(10 * MINUTE, 'sweep open pull requests', async (signal) => sweepOpenPulls(workshop, signal));
  queue.every(60 * MINUTE, 'prune the store', async () => prune(store, log));

  const server = createServer({
    ...settings,
    log,
    intake: createIntake({
      secrets: [settings.webhookSecret],
      accept: async (delivery) => {
        const outcome = await inbox.accept(delivery);
        dispatch.wake();
        return outcome;
      },
      log,
      metrics: { delivered: metrics.delivered },
    }),
    pages: {
      ready: async () => readiness(store, running()),
      metrics: async () => ({ type: metrics.registry.contentType, text: await metrics.registry.metrics() }),
    },
  });
  let http: HttpServer | null = null;
  const stop = async (): Promise<void> => {
    await closeServer(server, http);
    await dispatch.stop();
    await running().drain(DRAIN_MS);
    await proof.close();
    await store.close();
  };
  http = await server.start().catch(async (error: NodeJS.ErrnoException) => {
    // What runs behind the server would keep the process alive, and working, with nobody listening.
    await stop().catch((failed: unknown) => log.warn({ err: failed }, 'ending after a failed start failed too'));
    throw error.syscall === 'listen' || error.syscall === 'getaddrinfo' ? new UsageError(`Belay cannot listen on ${settings.host}:${settings.port} (${error.code ?? error.message}): choose others with HOST and PORT.`) : error;
  });
  log.info({ version, host: server.host, port: server.port, database: store.kind }, 'listening');
  http.headersTimeout = 10_000;
  http.requestTimeout = 30_000;
  // Longer than proxies keep theirs (60 seconds, mostly): a delivery sent into a connection that is just being closed is lost.
  http.keepAliveTimeout = 75_000;
  return stop;
}

async function connectTo(settings: Settings, store: Awaited<ReturnType<typeof openStore>>, metrics: Metrics, log: Logger, version: string): Promise<ReturnType<typeof connect>> {
  const keys = await markerKeys(store, { privateKeyPem: settings.privateKey });
  const text = (key: { readonly secret: Uint8Array }): string => Buffer.from(key.secret).toString('hex');
  return connect({
    appId: settings.appId,
    privateKey: settings.privateKey,
    host: settings.gheHost,
    protocol: settings.gheProtocol,
    userAgent: `belay/${version}`,
    log,
    observe: ({ status, remaining }) => metrics.requested(status, remaining),
    cacheDirectory: join(settings.dataDirectory, 'trees'),
    markerKeys: [text(keys.current), ...keys.older.map(text)],
  });
}

async function readiness(store: Awaited<ReturnType<typeof openStore>>, queue: Queue): Promise<{ readonly ok: boolean; readonly detail: string }> {
  if (!queue.running) return { ok: false, detail: 'the worker is ending' };
  try {
    await store.ping();
    return { ok: true, detail: 'ready' };
  } catch (error) {
    return { ok: false, detail: `the database does not answer: ${error instanceof Error ? error.message : 'unknown error'}` };
  }
}
