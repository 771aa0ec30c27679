import { judge } from '../core/judge.js';
import type { Host, HostPull } from '../core/host.js';
import { mishapOf } from '../core/mishap.js';
import { NOTHING_PUBLISHED } from '../core/publication.js';
import { reconcile } from '../core/reconcile.js';
import { wordsFor } from '../render/check-run.js';
import { openCase } from './judge-pull.js';
import type { Workplace } from './workplace.js';

/**
 * Concludes the check of a pull request that Belay could not review, so that our own outage does not freeze it: neutral, or
 * action_required where the repository chose that. A later review that succeeds replaces it. Comments are left as they are.
 */
export async function reportOutage(place: Workplace, number: number, failure: unknown): Promise<void> {
  const { host } = place;
  const pull = await findPull(host, number);
  if (pull.state === 'closed') return;
  const { config, notices } = await openCase(place, pull);
  const mishap = mishapOf('reading', `pull request #${number}`, failure);
  const override = await place.records.override(host.repo, number, pull.headSha);
  const verdict = judge({ findings: [], headers: place.rules, config, waivers: [], acceptances: [], override, mishaps: [mishap], unread: [], notices, headSha: pull.headSha });
  const published = await host.published(pull, pull.headSha);
  // A verdict that stands is worth more than the news that repeating it failed.
  if (published.checkRuns[0]?.status === 'completed') return;
  const publication = reconcile({
    pull: number,
    headSha: pull.headSha,
    verdict,
    changes: [],
    published: { ...NOTHING_PUBLISHED, checkRuns: published.checkRuns },
    dismissed: new Set(),
    config,
    rerun: null,
    words: wordsFor({ homepage: place.homepage, headers: place.rules }),
    sign: (marker) => host.sign(marker, number),
  });
  await host.carryOut({ writes: publication.writes.filter((write) => write.kind === 'check-run') }, place.signal);
  place.observe(verdict);
}

/** The pull request; where what goes with it cannot be read, such as a comparison of unrelated histories, as the list of open ones shows it. */
async function findPull(host: Host, number: number): Promise<HostPull> {
  try {
    return await host.pull(number);
  } catch (error) {
    const listed = (await host.openPulls()).find((pull) => pull.number === number);
    if (listed === undefined) throw error;
    return listed;
  }
}
