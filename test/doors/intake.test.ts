import { createHmac } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../src/core/delivery.js';
import { createIntake, type IntakeOptions, type IntakeOutcome } from '../../src/doors/intake.js';
import { memoryLog } from '../store/memory-log.js';

const SECRET = 'the secret of these tests, long enough';
const PATH = '/api/github/webhooks';

interface Stand {
  readonly port: number;
  readonly accepted: Delivery[];
  readonly outcomes: IntakeOutcome[];
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function stand(options: Partial<IntakeOptions> = {}): Promise<Stand> {
  const accepted: Delivery[] = [];
  const outcomes: IntakeOutcome[] = [];
  const accept = (delivery: Delivery) => {
    const known = accepted.some(({ id }) => id === delivery.id);
    if (!known) accepted.push(delivery);
    return Promise.resolve(known ? ('duplicate' as const) : ('stored' as const));
  };
  const intake = createIntake({ secrets: [SECRET], accept, log: memoryLog(), metrics: { delivered: (outcome) => void outcomes.push(outcome) }, ...options });
  const server = createServer((request, response) => {
    void intake(request, response).then((handled) => handled || response.writeHead(404).end('someone else'));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, accepted, outcomes };
}

function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function headersFor(body: string | Buffer, more: Record<string, string> = {}): Record<string, string> {
  return { 'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': 'd-1', 'x-hub-signature-256': sign(body), ...more };
}

async function post(port: number, body: string | Buffer, headers: Record<string, string> = headersFor(body), path = PATH) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

function without(name: string, headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

/** Everything a raw connection answers until it is closed, however that comes about. */
function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve(text)));
}

/** The head of a delivery as it goes over the wire. */
function head(headers: Record<string, string>): string {
  return `POST ${PATH} HTTP/1.1\r\nHost: x\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** A sender that goes on sending, without a declared length, until it is answered. */
async function flood(port: number): Promise<number | undefined> {
  const request = httpRequest({ port, host: '127.0.0.1', path: PATH, method: 'POST', headers: { ...headersFor('{}'), 'transfer-encoding': 'chunked' } });
  const status = new Promise<number | undefined>((resolve, reject) => {
    request.on('response', (response) => resolve(response.resume().statusCode));
    request.on('error', reject);
  });
  let answered = false;
  void status.then(() => (answered = true), () => (answered = true));
  const chunk = Buffer.alloc(65_536, 'x');
  for (let sent = 0; !answered && sent < 200; sent += 1) {
    request.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return status.finally(() => request.destroy());
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** With these, no clock has a say in what happens. */
const PATIENT = { bodyDeadlineMs: 600_000, lingerMs: 600_000 };

describe('the intake', () => {
  it('accepts a signed delivery with the bytes it received, and says so again for a duplicate', async () => {
    const { port, accepted, outcomes } = await stand();
    const body = '{ "zen":  "Käse ist gut" }\n';
    expect((await post(port, body)).status).toBe(202);
    expect((await post(port, body)).status).toBe(202);
    expect(accepted.map(({ id, event, payload }) => [id, event, Buffer.from(payload).toString()])).toEqual([['d-1', 'push', body]]);
    expect(outcomes).toEqual(['accepted', 'duplicate']);
  });

  it('answers only after the delivery was stored', async () => {
    let store: () => void = () => undefined;
    const stored = new Promise<void>((resolve) => (store = resolve));
    let waiting: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (waiting = resolve));
    const { port } = await stand({
      accept: async () => {
        waiting();
        await stored;
        return 'stored';
      },
    });
    let answered = false;
    const response = post(port, '{}').then(({ status }) => {
      answered = true;
      return status;
    });
    await reached;
    // Meanwhile others are answered.
    for (let round = 0; round < 5; round += 1) expect((await post(port, '{}', without('x-github-event', headersFor('{}')))).status).toBe(400);
    expect(answered).toBe(false);
    store();
    expect(await response).toBe(202);
  });

  it('leaves other paths to others, and its own with any query or trailing slash to nobody', async () => {
    const { port } = await stand();
    expect((await post(port, '{}', headersFor('{}'), '/healthz')).text).toBe('someone else');
    expect((await post(port, '{}', headersFor('{}'), `${PATH}/`)).status).toBe(202);
    expect((await post(port, '{}', headersFor('{}'), `${PATH}?x=1`)).status).toBe(202);
    const get = await fetch(`http://127.0.0.1:${port}${PATH}`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it.each([
    ['no event', without('x-github-event', headersFor('{}')), 400, /X-GitHub-Event/],
    ['no delivery id', without('x-github-delivery', headersFor('{}')), 400, /X-GitHub-Delivery/],
    ['an event that is none', headersFor('{}', { 'x-github-event': 'a b;c' }), 400, /X-GitHub-Event/],
    ['no content type', headersFor('{}', { 'content-type': 'text/plain' }), 400, /application\/json/],
    ['form encoding', headersFor('{}', { 'content-type': 'application/x-www-form-urlencoded' }), 400, /set the webhook's content type to application\/json/],
    ['compression', headersFor('{}', { 'content-encoding': 'gzip' }), 400, /Compressed/],
    ['no signature', without('x-hub-signature-256', headersFor('{}')), 401, /X-Hub-Signature-256 is missing/],
    ['a SHA-1 signature only', { ...without('x-hub-signature-256', headersFor('{}')), 'x-hub-signature': 'sha1=abc' }, 401, /X-Hub-Signature-256 is missing/],
    ['a signature of the wrong length', headersFor('{}', { 'x-hub-signature-256': 'sha256=abcd' }), 401, /not a SHA-256 signature/],
    ['another secret', headersFor('{}', { 'x-hub-signature-256': sign('{}', 'development') }), 401, /does not match/],
    ['a signature of another body', headersFor('{}', { 'x-hub-signature-256': sign('{ }') }), 401, /does not match/],
  ])('refuses a delivery with %s and says why', async (_name, headers, status, reason) => {
    const { port, accepted } = await stand();
    const answer = await post(port, '{}', headers);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(reason);
    expect(accepted).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['something that is not JSON', '{"a":'],
    ['JSON that is no object', '[1, 2]'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('refuses a well signed body of %s', async (_name, body) => {
    const { port, accepted } = await stand();
    expect((await post(port, body)).status).toBe(400);
    expect(accepted).toEqual([]);
  });

  it('takes the old secret while it is being changed', async () => {
    const { port } = await stand({ secrets: ['the new secret', SECRET] });
    expect((await post(port, '{}')).status).toBe(202);
    expect((await post(port, '{}', headersFor('{}', { 'x-hub-signature-256': sign('{}', 'the new secret') }))).status).toBe(202);
    expect((await post(port, '{}', headersFor('{}', { 'x-hub-signature-256': sign('{}', 'a third one') }))).status).toBe(401);
  });

  it('asks the sender to come back when it cannot store', async () => {
    const { port, outcomes } = await stand({ accept: () => Promise.reject(new Error('disk full at /secret/path')) });
    const answer = await post(port, '{}');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(answer.text).not.toContain('disk full');
    expect(outcomes).toEqual(['unavailable']);
  });

  it('takes a payload of exactly 25 MB and refuses one byte more by its declared length', async () => {
    const { port, accepted } = await stand({ limits: PATIENT });
    const full = Buffer.alloc(25 * 1024 * 1024, ' ');
    full.write('{}');
    expect((await post(port, full)).status).toBe(202);
    expect(accepted[0]?.payload.byteLength).toBe(full.byteLength);
    const tooLong = Buffer.concat([full, Buffer.from(' ')]);
    expect((await post(port, tooLong, headersFor(tooLong, { 'x-github-delivery': 'd-2' }))).status).toBe(413);
  });

  it('stops reading a body without a declared length once it is too long', async () => {
    const { port, accepted, outcomes } = await stand({ limits: { ...PATIENT, bodyBytes: 100_000 } });
    expect(await flood(port)).toBe(413);
    expect(accepted).toEqual([]);
    expect(outcomes).toEqual(['too-large']);
  });

  it('cuts a refused sender that does not go away', async () => {
    const { port, outcomes } = await stand({ limits: { bodyBytes: 100_000, lingerMs: 50 } });
    const sender = connect(port, '127.0.0.1');
    const answer = answerOf(sender);
    sender.write(head(headersFor('{}', { 'content-length': '50000000' })));
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(outcomes).toEqual(['too-large']);
  });

  it('gives up on a sender that trickles, and takes others meanwhile', async () => {
    const { port, outcomes, accepted } = await stand({ limits: { bodyDeadlineMs: 1_500, lingerMs: 50 } });
    const slow = connect(port, '127.0.0.1');
    const answer = answerOf(slow);
    slow.write(`${head(headersFor('{}', { 'x-github-delivery': 'slow', 'content-length': '5000000' }))}{`);
    expect((await post(port, '{}')).status).toBe(202);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    expect([...outcomes].sort()).toEqual(['accepted', 'timeout']);
    expect(accepted.map(({ id }) => id)).toEqual(['d-1']);
  });

  it('holds no more bodies at once than it is allowed to, and recovers', async () => {
    const { port, outcomes } = await stand({ limits: { ...PATIENT, bodiesInFlight: 2, bytesInFlight: 1_000_000 } });
    const holders = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    for (const [index, socket] of holders.entries()) {
      socket.on('error', () => undefined);
      socket.write(`${head(headersFor('{}', { 'x-github-delivery': `slow-${index}`, 'content-length': '50' }))}{`);
    }
    await until(async () => (await post(port, '{}')).status === 503);
    for (const socket of holders) socket.destroy();
    await until(() => Promise.resolve(outcomes.filter((outcome) => outcome === 'aborted').length === 2));
    expect((await post(port, '{}')).status).toBe(202);
  });

  it('bounds the memory of all bodies together', async () => {
    const { port } = await stand({ limits: { bytesInFlight: 1_000 } });
    const body = JSON.stringify({ text: 'x'.repeat(2_000) });
    expect((await post(port, body)).status).toBe(503);
    expect((await post(port, '{}')).status).toBe(202);
  });

  it('refuses to work without a secret', () => {
    expect(() => createIntake({ secrets: [''], accept: () => Promise.resolve('stored'), log: memoryLog(), metrics: { delivered: () => undefined } })).toThrow(/secret/);
  });
});
