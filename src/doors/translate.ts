import type { Delivery, Translated } from '../core/delivery.js';
import type { CommandRequest, ReviewRequest } from '../core/records.js';
import type { Log } from '../core/store.js';
import { jobsFor, type Asked, type Ourselves } from '../github/jobs-for.js';

/** A commit that stands for a whole branch in a request: open pull requests of the base are to be judged anew. */
export const WHOLE_BRANCH = '0'.repeat(40);

/** What a delivery asks for, as requests with ids of their own: the same delivery always gives the same ids. */
export function translate(delivery: Delivery, ourselves: Ourselves, log: Log, installationChanged: () => void): Translated {
  const payload = parse(delivery.payload);
  const { asked, reason } = jobsFor(delivery.event, payload, delivery.id, ourselves);
  if (reason !== null) log.debug({ delivery: delivery.id, event: delivery.event, reason }, 'nothing to do');
  const reviews: ReviewRequest[] = [];
  const commands: CommandRequest[] = [];
  const pushers: Translated['pushers'][number][] = [];
  for (const [index, one] of asked.entries()) {
    const id = `${delivery.id}:${index}`;
    if (one.kind === 'command') commands.push({ ...one.request, id });
    else if (one.kind === 'pusher') pushers.push({ repo: one.repo, pull: one.pull, headSha: one.headSha, login: one.login });
    else if (one.kind === 'installation') installationChanged();
    else reviews.push(...reviewOf(one, id, delivery.id));
  }
  return { reviews, commands, pushers };
}

function reviewOf(asked: Exclude<Asked, { kind: 'command' | 'pusher' | 'installation' }>, id: string, delivery: string): readonly ReviewRequest[] {
  switch (asked.kind) {
    case 'review':
      return [{ ...asked.request, id }];
    case 'head':
      return [{ id, repo: asked.repo, pull: null, headSha: asked.headSha, trigger: asked.trigger, delivery }];
    case 'alert':
      return [{ id, repo: asked.repo, pull: null, headSha: asked.headSha, trigger: 'alert', delivery }];
    case 'base-push':
      return [{ id, repo: asked.repo, pull: null, headSha: WHOLE_BRANCH, trigger: 'base-changed', delivery, baseBranch: asked.branch }];
    case 'group-gone':
      // Its job finds the group's commit gone, or judges it for nothing: neither does harm.
      return [];
  }
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return null;
  }
}
