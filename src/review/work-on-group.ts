import type { Finding } from '../core/finding.js';
import type { HostPull } from '../core/host.js';
import { announce } from '../core/reconcile-check-run.js';
import { reconcile } from '../core/reconcile.js';
import type { ReviewRequest } from '../core/records.js';
import type { Acceptance } from '../core/waiver.js';
import { REVIEWING, wordsFor } from '../render/check-run.js';
import { STATISTICS_PATH } from './known-tables.js';
import { review } from './review.js';
import { trustedConfig } from './trusted-config.js';
import type { Workplace } from './workplace.js';

/** At most this many pull requests of one group are looked up. */
const PULLS_LIMIT = 50;

/**
 * Gives a merge group its verdict, on its own commit. What was accepted or overridden for the pull requests in it holds
 * here too: they were let through already, and a group that fails for them would stop the queue for everybody.
 */
export async function workOnGroup(place: Workplace, request: ReviewRequest): Promise<void> {
  const { host } = place;
  const { headSha, baseSha, baseBranch } = request;
  if (headSha === null || baseSha === undefined || baseBranch === undefined) {
    place.log.warn({ delivery: request.delivery }, 'a merge group without its commits cannot be judged');
    return;
  }
  const rerun = request.trigger === 'rerun' ? request.delivery : null;
  await host.carryOut(announce({ published: await host.published(null, headSha), headSha, pull: null, rerun }, REVIEWING), place.signal);
  const { config, notices, ref } = await trustedConfig(place, baseBranch);
  const changeSet = await host.compare(baseSha, headSha, groupPull(baseBranch, (await host.defaultBranch()).name), place.limits, place.signal);
  const members = await membersOf(place, changeSet.pull.commits.map((commit) => commit.message));
  const { verdict } = await review({
    changeSet,
    base: await host.snapshot(changeSet.mergeBaseSha, place.signal),
    head: await host.snapshot(headSha, place.signal),
    config,
    rules: place.rules,
    notices,
    mishaps: [],
    acceptances: await acceptancesOf(place, members, headSha),
    override: null,
    forgiven: await overriddenPaths(place, members),
    ask: null,
    whyNotAsked: 'it was asked on the pull requests of this group',
    prompts: place.prompts,
    signal: place.signal,
    statistics: async () => host.file(STATISTICS_PATH, ref),
    ...(place.prove === undefined ? {} : { prove: place.prove }),
  });
  const publication = reconcile({
    pull: null,
    headSha,
    verdict,
    changes: changeSet.changes,
    published: await host.published(null, headSha),
    dismissed: new Set(),
    config,
    rerun,
    words: wordsFor({ homepage: place.homepage, headers: place.rules }),
    sign: () => '',
  });
  await host.carryOut(publication, place.signal);
  place.observe(verdict);
  place.log.info({ headSha, conclusion: verdict.conclusion, members: members.length }, 'merge group judged');
}

/** A group has no words of its own: the rules about descriptions were answered on its pull requests. */
function groupPull(baseBranch: string, defaultBranch: string): HostPull {
  return {
    number: 0,
    title: '',
    body: '',
    author: '',
    authorIsBot: false,
    draft: false,
    headBranch: '',
    baseBranch: defaultBranch,
    fromFork: false,
    labels: [],
    defaultBranch: defaultBranch === baseBranch ? baseBranch : defaultBranch,
    templates: [],
    commits: [],
    headSha: '',
    baseSha: '',
    state: 'open',
    merged: false,
    headRepository: null,
  };
}

/** The pull requests whose merges a group is made of, as the host writes them into its commits. */
async function membersOf(place: Workplace, messages: readonly string[]): Promise<readonly HostPull[]> {
  const numbers = new Set<number>();
  for (const message of messages) {
    const first = message.split('\n')[0] ?? '';
    const match = /^Merge pull request #(\d+)\b/.exec(first) ?? /\(#(\d+)\)\s*$/.exec(first);
    if (match?.[1] !== undefined) numbers.add(Number(match[1]));
  }
  const pulls: HostPull[] = [];
  for (const number of [...numbers].slice(0, PULLS_LIMIT)) {
    const pull = await place.host.pull(number).catch(() => null);
    if (pull !== null && pull.state === 'open') pulls.push(pull);
  }
  return pulls;
}

async function acceptancesOf(place: Workplace, members: readonly HostPull[], headSha: string): Promise<readonly Acceptance[]> {
  const acceptances: Acceptance[] = [];
  for (const member of members) {
    const own = await place.records.acceptances(place.host.repo, member.number, member.headSha);
    acceptances.push(...own.map((one) => ({ ...one, headSha })));
  }
  return acceptances;
}

/** Findings in files that an overridden pull request of the group changed. */
async function overriddenPaths(place: Workplace, members: readonly HostPull[]): Promise<(finding: Finding) => { readonly by: string; readonly reason: string } | null> {
  const paths = new Map<string, { readonly by: string; readonly reason: string }>();
  for (const member of members) {
    const override = await place.records.override(place.host.repo, member.number, member.headSha);
    if (override === null) continue;
    const changeSet = await place.host.changeSet(member, place.limits, place.signal);
    for (const change of changeSet.changes) paths.set(change.path, { by: override.by, reason: `overridden on #${member.number}: ${override.reason}` });
  }
  return (finding) => (finding.path === null ? null : (paths.get(finding.path) ?? null));
}
