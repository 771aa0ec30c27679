import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { Server as HttpServer, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { closeServer, createServer } from '../../src/doors/app.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });

/** A server that hands out every request instead of answering it. */
async function stand(): Promise<{ readonly server: ReturnType<typeof createServer>; readonly http: HttpServer; readonly asked: Promise<ServerResponse> }> {
  let ask: (response: ServerResponse) => void = () => undefined;
  const asked = new Promise<ServerResponse>((resolve) => (ask = resolve));
  const server = createServer({
    appId: 1,
    privateKey,
    webhookSecret: 'a secret of these tests, long enough',
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
    intake: (_request, response) => {
      ask(response);
      return Promise.resolve(true);
    },
    pages: { ready: () => Promise.resolve({ ok: true, detail: 'ready' }), metrics: () => Promise.resolve({ type: 'text/plain', text: '' }) },
  });
  const http = await server.start();
  // Left to itself, Node would keep a connection for ever.
  http.keepAliveTimeout = 0;
  return { server, http, asked };
}

/** What a connection was sent until it was closed. */
function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve(text)));
}

describe('the server', () => {
  it('takes any free port when it is told 0', async () => {
    const { server, http } = await stand();
    expect(server.port).toBeGreaterThan(0);
    expect(server.port).not.toBe(3000);
    await closeServer(server, http);
  });

  it('answers what it has begun when it ends, and keeps no connection for later', async () => {
    const { server, http, asked } = await stand();
    const socket = connect(server.port, '127.0.0.1');
    const text = heard(socket);
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n');
    const response = await asked;
    const closed = closeServer(server, http, 600_000);
    response.end('here you are');
    await closed;
    expect(await text).toContain('here you are');
  });

  it('does not wait for ever for those who dawdle', async () => {
    const { server, http } = await stand();
    const socket = connect(server.port, '127.0.0.1');
    const text = heard(socket);
    socket.write('POST /slow HTTP/1.1\r\nHost: x\r\n');
    await once(http, 'connection');
    await closeServer(server, http, 200);
    expect(await text).toBe('');
  });
});
