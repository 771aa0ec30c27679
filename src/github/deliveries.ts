import { BelayError } from '../core/errors.js';
import type { Client } from './client.js';

/** A webhook delivery that the host could not hand over. */
export interface FailedDelivery {
  /** What `redeliver` takes. */
  readonly id: number;
  /** `X-GitHub-Delivery`: the same for every attempt. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  /** ISO 8601. */
  readonly deliveredAt: string;
}

const MAX_PAGES = 20;

/**
 * Deliveries that failed since a moment, one for each guid, oldest first. One that succeeded in a later attempt is still
 * listed: whoever asks knows which it has accepted. The host keeps them for three days.
 */
export async function readFailedDeliveries(app: Client, since: Date): Promise<readonly FailedDelivery[]> {
  const found = new Map<string, FailedDelivery>();
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const reply: Awaited<ReturnType<typeof readPage>> = await readPage(app, cursor);
    for (const raw of reply.data) {
      if (Date.parse(raw.delivered_at) < since.getTime() || raw.status_code < 400 && raw.status === 'OK') continue;
      if (!found.has(raw.guid)) found.set(raw.guid, { id: Number(raw.id), guid: raw.guid, event: raw.event, action: raw.action, deliveredAt: raw.delivered_at });
    }
    cursor = nextCursor(reply.headers['link']);
    const oldest = reply.data.at(-1);
    if (cursor === null || oldest === undefined || Date.parse(oldest.delivered_at) < since.getTime()) break;
  }
  return [...found.values()].reverse();
}

function readPage(app: Client, cursor: string | null) {
  return app.read('GET /app/hook/deliveries', { per_page: 100, status: 'failure', ...(cursor === null ? {} : { cursor }) });
}

function nextCursor(link: string | number | undefined): string | null {
  const next = /<([^<>]+)>;\s*rel="next"/.exec(String(link ?? ''))?.[1];
  return next === undefined ? null : new URL(next).searchParams.get('cursor');
}

/** Asks the host to deliver once more. Doing it twice only makes a duplicate, which the inbox knows. */
export async function redeliver(app: Client, id: number, signal: AbortSignal): Promise<void> {
  const reply = await app.write('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: id }, signal);
  if (reply === 'lost') throw new BelayError('request', 'GitHub did not answer the request to deliver again.', { retryAfter: 15_000 });
}
