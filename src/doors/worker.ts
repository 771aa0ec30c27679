import { parseJobKey } from '../core/job-key.js';
import { BelayError } from '../core/errors.js';
import { DEFAULT_READ_LIMITS } from '../core/host.js';
import type { RepositoryName } from '../core/job.js';
import type { Records, ReviewRequest } from '../core/records.js';
import type { Log, Store } from '../core/store.js';
import type { GitHubApp } from '../github/connect.js';
import type { Queue } from '../queue/start-queue.js';
import type { Work } from '../queue/run-job.js';
import type { Wish } from '../queue/work.js';
import { reportOutage } from '../review/report-outage.js';
import { workOnGroup } from '../review/work-on-group.js';
import { workOnPull } from '../review/work-on-pull.js';
import type { Workplace } from '../review/workplace.js';
import { rules } from '../rules/registry.generated.js';
import { addRequests, finish, pendingFor } from '../store/requests.js';
import { WHOLE_BRANCH } from './translate.js';

/** What every job of the server shares. */
export interface Workshop extends Pick<Workplace, 'modelFor' | 'prompts' | 'homepage' | 'observe' | 'kept' | 'prove'> {
  readonly store: Store;
  readonly records: Records;
  readonly github: GitHubApp;
  readonly log: Log & { child(fields: object): Log };
  /** The queue, once it runs. */
  readonly queue: () => Pick<Queue, 'enqueue' | 'wake'>;
}

/** After so many attempts the pull request is told that Belay could not finish; the attempts go on. */
const PATIENCE = 3;

/** Does what is pending on one key: a pull request, a merge group, or an errand that leads to pull requests. */
export function createWork(workshop: Workshop): Work {
  return async (key, signal, attempt) => {
    const subject = parseJobKey(key);
    if (subject === null) throw new BelayError('pull', `The key ${key} names no pull request.`);
    const pending = await pendingFor(workshop.store, key);
    const waiting = [...pending.reviews, ...pending.commands];
    if (waiting.length === 0) return;
    // A key is in lower case; the requests keep the names as the host writes them.
    const repo = waiting[0]?.repo ?? subject.repo;
    const log = workshop.log.child({ repository: `${repo.owner}/${repo.name}`, pull: subject.pull, delivery: waiting.at(-1)?.delivery });
    const place = workplaceFor(workshop, repo, pending.commands.length > 0, attempt.number, signal, log);
    try {
      if (subject.pull === null) await workOnCommit(workshop, place, pending.reviews);
      else await workOnPull(place, subject.pull, pending);
    } catch (error) {
      if (subject.pull !== null && !signal.aborted && (attempt.last || attempt.number === PATIENCE || isForGood(error))) {
        await reportOutage(place, subject.pull, error).catch((second: unknown) => log.warn({ err: second }, 'the outage could not be reported'));
      }
      throw error;
    }
    await finish(workshop.store, waiting.map((one) => one.id));
  };
}

/** Whether the queue will not try again by itself. */
function isForGood(error: unknown): boolean {
  return error instanceof BelayError && (error.scope === 'pull' || error.scope === 'request') && error.retryAfter === null;
}

function workplaceFor(workshop: Workshop, repo: RepositoryName, withCommands: boolean, attempt: number, signal: AbortSignal, log: Log): Workplace {
  const { github, records, modelFor, prompts, homepage, observe, kept, prove } = workshop;
  const started = Date.now();
  const host = github.host(repo, {
    purpose: withCommands ? 'command' : 'review',
    // Events sometimes run ahead of the git data they speak of; a commit is fresh for two minutes.
    fresh: () => attempt <= PATIENCE && Date.now() - started < 120_000,
  });
  return { host, records, rules, modelFor, prompts, homepage, observe, kept, ...(prove === undefined ? {} : { prove }), limits: DEFAULT_READ_LIMITS, signal, log, now: () => new Date() };
}

/** Work that is named by a commit: merge groups are judged; the rest leads to pull requests, which get jobs of their own. */
async function workOnCommit(workshop: Workshop, place: Workplace, requests: readonly ReviewRequest[]): Promise<void> {
  for (const request of requests) {
    if (request.headSha === WHOLE_BRANCH) await askForBase(workshop, place, request);
    else if (request.trigger === 'alert') await askForMerged(workshop, place, request);
    else if (request.baseBranch === undefined) await askForHead(workshop, place, request);
  }
  const group = requests.findLast((request) => request.baseBranch !== undefined && request.headSha !== WHOLE_BRANCH);
  if (group !== undefined) await workOnGroup(place, group);
}

/** A branch's configuration changed: every open pull request that it may judge is judged anew. */
async function askForBase(workshop: Workshop, place: Workplace, request: ReviewRequest): Promise<void> {
  const standard = await place.host.defaultBranch();
  const open = await place.host.openPulls();
  // The default branch's configuration may judge pull requests into any branch.
  const judged = open.filter((pull) => request.baseBranch === standard.name || pull.baseBranch === request.baseBranch);
  await ask(workshop, judged.map((pull) => ({ ...request, id: `${request.id}:${pull.number}`, pull: pull.number, headSha: pull.headSha, trigger: 'edited' })));
}

async function askForHead(workshop: Workshop, place: Workplace, request: ReviewRequest): Promise<void> {
  if (request.headSha === null) return;
  const open = await place.host.openPulls(request.headSha);
  await ask(workshop, open.map((pull) => ({ ...request, id: `${request.id}:${pull.number}`, pull: pull.number })));
}

/** A deployment failed: the pull request whose merge was deployed is where that is said. */
async function askForMerged(workshop: Workshop, place: Workplace, request: ReviewRequest): Promise<void> {
  if (request.headSha === null) return;
  const merged = await place.host.mergedAs(request.headSha);
  await ask(workshop, merged.map((number) => ({ ...request, id: `${request.id}:${number}`, pull: number })));
}

/** Adds review requests and schedules work on them, in one transaction. */
export async function ask(workshop: Pick<Workshop, 'store' | 'queue'>, requests: readonly ReviewRequest[], wish: Wish = {}): Promise<void> {
  if (requests.length === 0) return;
  const queue = workshop.queue();
  await workshop.store.transaction(async (sql) => {
    const keys = await addRequests(sql, { reviews: requests, commands: [] });
    if (keys.length > 0) await queue.enqueue(sql, keys, wish);
  });
  queue.wake();
}
