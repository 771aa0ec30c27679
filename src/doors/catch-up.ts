import { jobKey } from '../core/job-key.js';
import type { RepositoryName } from '../core/job.js';
import type { ReviewRequest } from '../core/records.js';
import type { GitHubApp } from '../github/connect.js';
import { knownDeliveries } from '../store/inbox.js';
import { pendingFor } from '../store/requests.js';
import { ask, type Workshop } from './worker.js';

/** The host keeps deliveries for three days. */
const KEPT = 3 * 24 * 3_600_000;
/** How many deliveries are asked for again in one pass; the next pass takes the rest. */
const REDELIVER_LIMIT = 200;

/** Asks the host for the deliveries that it could not hand over and that we never stored. */
export async function redeliverMissed(workshop: Workshop, signal: AbortSignal): Promise<void> {
  const failed = await workshop.github.failedDeliveries(new Date(Date.now() - KEPT));
  if (failed.length === 0) return;
  const known = await knownDeliveries(workshop.store, failed.map((delivery) => delivery.guid));
  const missed = failed.filter((delivery) => !known.has(delivery.guid)).slice(0, REDELIVER_LIMIT);
  for (const delivery of missed) {
    signal.throwIfAborted();
    workshop.log.info({ delivery: delivery.guid, event: delivery.event }, 'asking for a missed delivery');
    await workshop.github.redeliver(delivery.id, signal);
  }
}

/** Looks for open pull requests whose head has no concluded check of ours, and asks for their review. */
export async function sweepOpenPulls(workshop: Workshop, signal: AbortSignal): Promise<void> {
  for (const installation of await workshop.github.installations()) {
    if (installation.suspended) continue;
    const repositories = await workshop.github.repositories(installation.id).catch((error: unknown) => {
      workshop.log.warn({ err: error, account: installation.account }, 'the repositories of an installation could not be listed');
      return [];
    });
    for (const repo of repositories) {
      signal.throwIfAborted();
      await sweepRepository(workshop, repo, workshop.github).catch((error: unknown) => {
        signal.throwIfAborted();
        workshop.log.warn({ err: error, repository: `${repo.owner}/${repo.name}` }, 'a repository could not be swept');
      });
    }
  }
}

async function sweepRepository(workshop: Workshop, repo: RepositoryName, github: GitHubApp): Promise<void> {
  const host = github.host(repo, { purpose: 'sweep' });
  const requests: ReviewRequest[] = [];
  for (const pull of await host.openPulls()) {
    const seen = `swept ${repo.owner}/${repo.name}#${pull.number}@${pull.headSha}`;
    if ((await workshop.records.cached(seen)) !== null) continue;
    const { checkRuns } = await host.published(null, pull.headSha);
    if (checkRuns[0]?.status === 'completed') await workshop.records.cache(seen, 'concluded');
    else if ((await pendingFor(workshop.store, jobKey(repo, pull.number, null))).reviews.length === 0) requests.push({ id: `swept:${repo.owner}/${repo.name}#${pull.number}@${pull.headSha}:${new Date().toISOString()}`, repo, pull: pull.number, headSha: pull.headSha, trigger: 'swept', delivery: 'sweep' });
  }
  if (requests.length > 0) workshop.log.info({ repository: `${repo.owner}/${repo.name}`, pulls: requests.map((request) => request.pull) }, 'open pull requests without a concluded check');
  // What is known and failing keeps its pauses, and nobody who pushed just now waits behind a sweep.
  await ask(workshop, requests, { onlyIfUnknown: true, priority: -10 });
}
