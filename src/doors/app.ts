import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { Probot, Server } from 'probot';
import type { Logger } from 'pino';
import type { Intake } from './intake.js';

/** What the server answers with beside webhooks. */
export interface Pages {
  /** Whether the database answers and the worker runs; the reason in words when not. */
  readonly ready: () => Promise<{ readonly ok: boolean; readonly detail: string }>;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

export interface AppOptions {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
  readonly intake: Intake;
  readonly pages: Pages;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * A Probot server whose webhook middleware is our own intake: Probot's reads a whole body before it checks the signature,
 * and keeps nothing. See docs/decisions.
 */
export function createServer(options: AppOptions): Server {
  const handler = handlerFor(options);
  class BelayProbot extends Probot {
    override async getNodeMiddleware(): Promise<Handler> {
      return Promise.resolve(handler);
    }
  }
  // Probot's own lines, one for each request, belong to debugging.
  const log = options.log.isLevelEnabled('debug') ? options.log : options.log.child({}, { level: 'warn' });
  return new Server({
    Probot: BelayProbot.defaults({ appId: options.appId, privateKey: options.privateKey, secret: options.webhookSecret, log }),
    log,
    host: options.host,
    // Probot takes the number 0, any free port, for none given.
    port: (options.port === 0 ? '0' : options.port) as number,
    enablePing: false,
    enableStaticFiles: false,
  });
}

/** How long a request may take to end once the process is going down. */
const ENDING_MS = 5_000;
const LOOK_MS = 100;

/** Takes no new connection, lets requests be answered, and closes every connection: those that dawdle are cut. */
export async function closeServer(server: Server, http: HttpServer | null, endingMs = ENDING_MS): Promise<void> {
  const cutAt = Date.now() + endingMs;
  // Node closes the connections that are idle now; one that is busy would be kept open for its next request.
  const look = setInterval(() => (Date.now() < cutAt ? http?.closeIdleConnections() : http?.closeAllConnections()), LOOK_MS);
  await server.stop().finally(() => clearInterval(look));
}

function handlerFor({ intake, pages }: AppOptions): Handler {
  return async (request, response) => {
    if (await intake(request, response)) return true;
    const path = (request.url ?? '').split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (path === '/healthz') return answer(response, 200, 'text/plain; charset=utf-8', 'ok\n');
    if (path === '/readyz') {
      const { ok, detail } = await pages.ready();
      return answer(response, ok ? 200 : 503, 'text/plain; charset=utf-8', `${detail}\n`);
    }
    if (path === '/metrics') {
      const { type, text } = await pages.metrics();
      return answer(response, 200, type, text);
    }
    return false;
  };
}

function answer(response: ServerResponse, status: number, type: string, body: string): true {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' }).end(body);
  return true;
}
