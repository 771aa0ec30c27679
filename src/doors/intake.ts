import { createHmac, timingSafeEqual, type Hmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Delivery } from '../core/delivery.js';
import type { Log } from '../core/store.js';

/** GitHub's own cap on a payload. */
const MAX_BODY_BYTES = 25 * 1024 * 1024;
/** All bodies in memory together, whoever sent them. */
const MAX_BYTES_IN_FLIGHT = 256 * 1024 * 1024;
const MAX_BODIES_IN_FLIGHT = 2_000;
/** A whole body must have arrived by then. */
const BODY_DEADLINE_MS = 10_000;
/** A refused sender may go on for so long, unread, so that it gets to see the answer. */
const LINGER_MS = 2_000;
const LINGER_BYTES = 64 * 1024 * 1024;
/** A refused body up to this size costs the sender no new connection. */
const LINGER_SHORT_BYTES = 1024 * 1024;

export type IntakeOutcome = 'accepted' | 'duplicate' | 'malformed' | 'signature' | 'too-large' | 'timeout' | 'aborted' | 'unavailable';

export interface IntakeOptions {
  /** Webhook secrets that count, the newest first: more than one while a secret is being changed. */
  readonly secrets: readonly string[];
  /** Resolves when the delivery is committed; rejects when it cannot be stored. */
  readonly accept: (delivery: Delivery) => Promise<'stored' | 'duplicate'>;
  readonly log: Log;
  readonly metrics: { delivered(outcome: IntakeOutcome): void };
  readonly path?: string;
  readonly limits?: Partial<IntakeLimits>;
}

const LIMITS: IntakeLimits = {
  bodyBytes: MAX_BODY_BYTES,
  bytesInFlight: MAX_BYTES_IN_FLIGHT,
  bodiesInFlight: MAX_BODIES_IN_FLIGHT,
  bodyDeadlineMs: BODY_DEADLINE_MS,
  lingerMs: LINGER_MS,
};

export interface IntakeLimits {
  readonly bodyBytes: number;
  readonly bytesInFlight: number;
  readonly bodiesInFlight: number;
  readonly bodyDeadlineMs: number;
  readonly lingerMs: number;
}

/** Answers true when the request was for the webhook path, and then has answered it. Never rejects. */
export type Intake = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Why a request was turned away: a status and one sentence. */
class Refusal extends Error {
  constructor(
    readonly status: 400 | 401 | 405 | 408 | 413 | 503,
    readonly outcome: IntakeOutcome,
    message: string,
  ) {
    super(message);
  }
}

function tooLarge(bytes: number): Refusal {
  return new Refusal(413, 'too-large', `The body is larger than ${bytes} bytes.`);
}

interface Headers {
  readonly id: string;
  readonly event: string;
  readonly signature: Buffer;
}

/**
 * Takes in webhook deliveries. 202 only after `accept` has committed the delivery, for a duplicate too; 400 malformed, 401
 * without a valid signature, 413 above the cap, 503 when it could not be stored (the sender may deliver it again).
 */
export function createIntake({ secrets, accept, log, metrics, path = '/api/github/webhooks', limits = {} }: IntakeOptions): Intake {
  if (secrets.length === 0 || secrets.some((secret) => secret === '')) throw new TypeError('The intake needs a webhook secret.');
  const { bodyBytes, lingerMs, ...others }: IntakeLimits = { ...LIMITS, ...limits };
  const readBody = createBodyReader({ bodyBytes, ...others });

  const take = async (request: IncomingMessage): Promise<IntakeOutcome> => {
    // Said first: whatever else may be wrong, a body of this size is never read.
    if (Number(request.headers['content-length'] ?? 0) > bodyBytes) throw tooLarge(bodyBytes);
    const { id, event, signature } = readHeaders(request);
    return readBody(request, secrets, async (payload, digests) => {
      if (!anyEqual(digests, signature)) throw new Refusal(401, 'signature', 'The signature does not match the webhook secret.');
      assertJson(payload);
      const outcome = await accept({ id, event, payload }).catch((error: unknown) => {
        log.error({ err: error, delivery: id, event }, 'a delivery could not be stored');
        throw new Refusal(503, 'unavailable', 'The delivery could not be stored. Deliver it again later.');
      });
      log.info({ delivery: id, event, bytes: payload.byteLength, duplicate: outcome === 'duplicate' }, 'delivery accepted');
      return outcome === 'stored' ? 'accepted' : 'duplicate';
    });
  };

  return async (request, response) => {
    if (pathOf(request.url) !== path) return false;
    try {
      const outcome = await take(request);
      metrics.delivered(outcome);
      answer(response, 202, { status: outcome });
      response.end();
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(503, 'unavailable', 'The delivery could not be taken in.');
      if (refusal !== error) log.error({ err: error }, 'the intake failed');
      metrics.delivered(refusal.outcome);
      log.warn({ delivery: request.headers['x-github-delivery'], status: refusal.status, reason: refusal.message }, 'delivery refused');
      refuse(request, response, refusal, lingerMs);
    }
    return true;
  };
}

function pathOf(url: string | undefined): string {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Everything that can be said before the body is read. */
function readHeaders(request: IncomingMessage): Headers {
  if (request.method !== 'POST') throw new Refusal(405, 'malformed', 'Deliveries are sent with POST.');
  const malformed = (message: string) => new Refusal(400, 'malformed', message);
  const header = (name: string) => request.headers[name]?.toString() ?? '';
  const contentType = (header('content-type').split(';', 1)[0] ?? '').trim().toLowerCase();
  if (contentType === 'application/x-www-form-urlencoded') {
    throw malformed('Form-encoded deliveries are not read: set the webhook\'s content type to application/json in the App\'s settings.');
  }
  if (contentType !== 'application/json') throw malformed('The content type must be application/json.');
  const event = header('x-github-event');
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(event)) throw malformed('The header X-GitHub-Event is missing or not an event name.');
  const id = header('x-github-delivery');
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) throw malformed('The header X-GitHub-Delivery is missing or not an id.');
  const encoding = header('content-encoding').toLowerCase();
  if (encoding !== '' && encoding !== 'identity') throw malformed('Compressed deliveries are not read.');
  const signature = header('x-hub-signature-256');
  if (signature === '') throw new Refusal(401, 'signature', 'The header X-Hub-Signature-256 is missing: give the webhook a secret in the App\'s settings.');
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(signature) ?? [];
  if (hex === undefined) throw new Refusal(401, 'signature', 'The header X-Hub-Signature-256 is not a SHA-256 signature.');
  return { id, event, signature: Buffer.from(hex, 'hex') };
}

/** Compares with every secret's digest, in the same time whichever fits. */
function anyEqual(digests: readonly Buffer[], signature: Buffer): boolean {
  return digests.map((digest) => timingSafeEqual(digest, signature)).includes(true);
}

function assertJson(payload: Buffer): void {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  } catch {
    // Said below: not JSON and not an object are the same to the sender.
  }
  throw new Refusal(400, 'malformed', 'The body is not a JSON object in UTF-8.');
}

type BodyReader = <Result>(
  request: IncomingMessage,
  secrets: readonly string[],
  use: (payload: Buffer, digests: readonly Buffer[]) => Promise<Result>,
) => Promise<Result>;

/** Reads bodies under the limits and counts them as held until `use` is done with them. */
function createBodyReader(limits: Omit<IntakeLimits, 'lingerMs'>): BodyReader {
  const held = { bodies: 0, bytes: 0 };
  return async (request, secrets, use) => {
    const busy = () => new Refusal(503, 'unavailable', 'Too many deliveries at once. Deliver it again later.');
    if (held.bodies >= limits.bodiesInFlight) throw busy();
    held.bodies += 1;
    let own = 0;
    const hold = (bytes: number) => {
      own += bytes;
      held.bytes += bytes;
      if (own > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
      if (held.bytes > limits.bytesInFlight) throw busy();
    };
    try {
      const hmacs = secrets.map((secret) => createHmac('sha256', secret));
      const payload = await collect(request, limits.bodyDeadlineMs, hmacs, hold);
      return await use(payload, hmacs.map((hmac) => hmac.digest()));
    } finally {
      held.bodies -= 1;
      held.bytes -= own;
    }
  };
}

function collect(request: IncomingMessage, deadlineMs: number, hmacs: readonly Hmac[], hold: (bytes: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const settle = (outcome: () => void) => {
      cancel();
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      outcome();
    };
    const onData = (chunk: Buffer) => {
      try {
        hold(chunk.byteLength);
        for (const hmac of hmacs) hmac.update(chunk);
        chunks.push(chunk);
      } catch (error) {
        request.pause();
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)));
    const onGone = () => settle(() => reject(new Refusal(400, 'aborted', 'The sender went away.')));
    const cancel = afterwards(deadlineMs, () => {
      request.pause();
      settle(() => reject(new Refusal(408, 'timeout', 'The body did not arrive in time.')));
    });
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

/** Calls back after so long. What has arrived by then is read first, however long this thread was busy. Gives the way to cancel it. */
function afterwards(milliseconds: number, callback: () => void): () => void {
  let look: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (look = setImmediate(callback)), milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(look);
  };
}

function answer(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers }).write(text);
}

/**
 * Answers, and throws away unread what is still coming, for a short while: a sender that is cut off at once often sees a
 * broken connection instead of the answer. Then the connection is cut.
 */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, lingerMs: number): void {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  const short = request.complete || length <= LINGER_SHORT_BYTES;
  answer(response, refusal.status, { error: refusal.message }, {
    ...(short ? {} : { connection: 'close' }),
    ...(refusal.status === 503 ? { 'retry-after': '30' } : {}),
    ...(refusal.status === 405 ? { allow: 'POST' } : {}),
  });
  // A sender that went away will say so no more.
  if (request.complete || request.destroyed) return void response.end();
  const cut = () => void request.destroy();
  const cancel = afterwards(lingerMs, cut);
  const over = () => {
    cancel();
    response.end();
  };
  let seen = 0;
  request.on('data', (chunk: Buffer) => (seen += chunk.byteLength) > LINGER_BYTES && cut());
  request.on('error', over).once('end', over).once('close', over);
  request.resume();
}
