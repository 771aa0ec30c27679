import type { Change } from '../core/change-set.js';
import type { Finding } from '../core/finding.js';
import type { HostPull } from '../core/host.js';
import type { Verdict } from '../core/verdict.js';
import { historyOf } from './history.js';
import { STATISTICS_PATH } from './known-tables.js';
import { releaseEvidence } from './release-evidence.js';
import { review } from './review.js';
import type { Reviewed } from './review-input.js';
import { trustedConfig } from './trusted-config.js';
import type { Case, Workplace } from './workplace.js';

/** A review with the changes its comments are anchored on. */
export interface JudgedPull {
  readonly changes: readonly Change[];
  readonly reviewed: Reviewed;
}

/** Reads the configuration that judges a pull request into its base branch. */
export async function openCase(place: Workplace, pull: HostPull): Promise<Case> {
  return { pull, ...(await trustedConfig(place, pull.baseBranch)) };
}

/** Why a pull request is not reviewed although an event asked for it; null when it is. */
export function whyNotReviewed({ pull, config }: Case, asked: boolean): string | null {
  if (asked) return null;
  if (pull.draft && !config.review.drafts) return 'Not reviewed: a draft, and `review.drafts` is off. It will be reviewed when it is ready.';
  if (pull.authorIsBot && !config.review.bots) return 'Not reviewed: written by a bot, and `review.bots` is off. `/ai-review` asks for a review.';
  return null;
}

/**
 * How the model takes part: `ask`, once for each head, its answer kept for whatever repeats the review; `again`, where a
 * person asked for a new look; `kept`, where its earlier answer is all that is wanted.
 */
export type ModelPart = 'ask' | 'again' | 'kept';

/** Reads and reviews one pull request at its head. */
export async function judgePull(place: Workplace, { pull, config, notices, ref }: Case, part: ModelPart): Promise<JudgedPull> {
  const { host, records } = place;
  const changeSet = await host.changeSet(pull, place.limits, place.signal);
  const model = part === 'kept' ? { ask: null, whyNotAsked: null } : place.modelFor(config.llm, host.repo, pull.number);
  const key = `edge-cases ${host.repo.owner}/${host.repo.name}#${pull.number}@${pull.headSha}`;
  const answers = { read: async () => (part === 'again' ? null : records.cached(key)), write: async (answer: string) => records.cache(key, answer) };
  const reviewed = await review({
    changeSet,
    base: await host.snapshot(changeSet.mergeBaseSha, place.signal),
    head: await host.snapshot(changeSet.headSha, place.signal),
    config,
    rules: place.rules,
    notices,
    mishaps: [],
    acceptances: await records.acceptances(host.repo, pull.number, pull.headSha),
    override: await records.override(host.repo, pull.number, pull.headSha),
    ...model,
    ...(config.llm.enabled ? { answers } : {}),
    prompts: place.prompts,
    // Who asks for a new look gets one; what it shows is kept for the next time.
    kept: part === 'again' ? { ...place.kept, read: () => null } : place.kept,
    signal: place.signal,
    history: historyOf(place, pull),
    release: async () => releaseEvidence(place, pull),
    statistics: async () => host.file(STATISTICS_PATH, ref),
    trustedAt: ref,
    ...(place.prove === undefined ? {} : { prove: place.prove }),
  });
  return { changes: changeSet.changes, reviewed };
}

const SEVERITY: readonly Verdict['conclusion'][] = ['success', 'neutral', 'action_required', 'failure'];

/**
 * A check belongs to a commit, not to a pull request: of several open pull requests with one head the worst verdict
 * counts, so that nobody gets green from a base that asks for less.
 */
export function worstVerdict(own: Verdict, others: readonly { readonly pull: number; readonly verdict: Verdict }[]): Verdict {
  let worst = own;
  for (const { pull, verdict } of others) {
    if (SEVERITY.indexOf(verdict.conclusion) <= SEVERITY.indexOf(worst.conclusion)) continue;
    const reason = `Pull request #${pull} has the same head commit and is judged worse: ${verdict.reasons[0] ?? verdict.conclusion}`;
    worst = { ...own, conclusion: verdict.conclusion, blocking: Math.max(own.blocking, verdict.blocking), reasons: [reason, ...own.reasons] };
  }
  return worst;
}

/** A finding by the short id a person typed. Several with the same beginning are none. */
export function findingByShortId(verdict: Verdict, id: string): Finding | null {
  const all = [...verdict.entries.map((entry) => entry.finding), ...verdict.waived.map((waived) => waived.finding)];
  const fitting = all.filter((finding) => finding.fingerprint.startsWith(id));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
