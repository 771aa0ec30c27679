import { BelayError } from '../core/errors.js';
import type { Publication, Write } from '../core/publication.js';
import type { Log } from '../core/store.js';
import { carryOutCheckRun } from './carry-out-check-run.js';
import { carryOutEdit, carryOutFileComment, carryOutReaction, carryOutReply, carryOutReview } from './carry-out-comments.js';
import type { Reply } from './client.js';
import type { Pace, Sleep } from './pace.js';
import type { Identity, PublishedReader } from './published.js';
import type { Memory } from './memory.js';

/** What carrying out needs. */
export interface Carrier extends PublishedReader {
  readonly identity: () => Promise<Identity>;
  readonly pace: Pace;
  readonly sleep: Sleep;
  readonly log: Log;
  /** What this job has seen and said so far. */
  readonly memory: Memory;
  /** Runs one piece of work at a time under a name, in the whole process. */
  readonly exclusively: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
}

/**
 * Carries out the writes in order. A write whose answer was lost is looked for by its marker or external id before it is
 * sent again. One that the host refuses for good (a locked conversation) does not keep the others from being carried
 * out: the check must be concluded; its error is thrown at the end.
 */
export async function carryOut(carrier: Carrier, publication: Publication, signal: AbortSignal): Promise<void> {
  let refused: BelayError | null = null;
  for (const write of publication.writes) {
    const mark = JSON.stringify(write);
    if (carrier.memory.done.has(mark)) continue;
    signal.throwIfAborted();
    try {
      await carryOutOne(carrier, write, signal);
      carrier.memory.done.add(mark);
    } catch (error) {
      if (!(error instanceof BelayError) || error.scope !== 'pull' || error.retryAfter !== null) throw error;
      carrier.log.warn({ write: write.kind, error: error.message }, 'the host refused a write');
      refused ??= error;
    }
  }
  if (refused !== null) throw refused;
}

async function carryOutOne(carrier: Carrier, write: Write, signal: AbortSignal): Promise<void> {
  switch (write.kind) {
    case 'check-run':
      return carryOutCheckRun(carrier, write, signal);
    case 'review':
      return carryOutReview(carrier, write, signal);
    case 'file-comment':
      return carryOutFileComment(carrier, write, signal);
    case 'edit-comment':
      return carryOutEdit(carrier, write, signal);
    case 'reply':
      return carryOutReply(carrier, write, signal);
    case 'reaction':
      return carryOutReaction(carrier, write, signal);
  }
}

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

