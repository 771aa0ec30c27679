import { BelayError } from '../core/errors.js';
import type { Carrier } from './carrier.js';
import type { Reply } from './client.js';

const WAITS = [1500, 4000];

/**
 * Sends a write; when its answer is lost, looks whether it was carried out before sending it again. null from `find`:
 * it was not.
 */
export async function sendOnce<Data, Found>(carrier: Pick<Carrier, 'sleep'>, send: () => Promise<Reply<Data> | 'lost'>, find: () => Promise<Found | null>, signal: AbortSignal): Promise<Reply<Data> | { readonly found: Found }> {
  for (const wait of WAITS) {
    const reply = await send();
    if (reply !== 'lost') return reply;
    await carrier.sleep(wait, signal);
    const found = await find();
    if (found !== null) return { found };
  }
  const last = await send();
  if (last !== 'lost') return last;
  await carrier.sleep(WAITS[0] ?? 0, signal);
  const found = await find();
  if (found !== null) return { found };
  throw new BelayError('request', 'GitHub did not answer a write, and it was not carried out.', { retryAfter: 30_000 });
}
