import { createServer } from 'node:http';
import { signBody } from '../support/github/deliveries.js';
import type { JsonObject } from '../support/github/world.js';

export interface Received {
  readonly event: string;
  readonly delivery: string;
  readonly signed: boolean;
  readonly payload: JsonObject;
}

export interface Listener {
  readonly url: string;
  readonly received: Received[];
  /** What it answers from now on. */
  status: number;
  close(): Promise<void>;
}

/** Something that takes webhooks and remembers them. */
export async function listen(secret: string): Promise<Listener> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      received.push({
        event: String(request.headers['x-github-event']),
        delivery: String(request.headers['x-github-delivery']),
        signed: request.url === '/api/github/webhooks' && request.headers['x-hub-signature-256'] === signBody(body, secret),
        payload: JSON.parse(body.toString()) as JsonObject,
      });
      response.writeHead(listener.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const listener: Listener = {
    url: `http://127.0.0.1:${String(port)}`,
    received,
    status: 202,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return listener;
}
