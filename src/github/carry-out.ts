import { BelayError } from '../core/errors.js';
import type { Publication, Write } from '../core/publication.js';
import { carryOutCheckRun } from './carry-out-check-run.js';
import { carryOutEdit, carryOutFileComment, carryOutReaction, carryOutReply, carryOutReview } from './carry-out-comments.js';
import { carryOutIssue, carryOutIssueEdit } from './carry-out-issues.js';
import type { Carrier } from './carrier.js';

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
    case 'issue':
      return carryOutIssue(carrier, write, signal);
    case 'edit-issue':
      return carryOutIssueEdit(carrier, write, signal);
    case 'reaction':
      return carryOutReaction(carrier, write, signal);
  }
}
