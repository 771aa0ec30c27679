import type { HostPull } from '../core/host.js';
import { announce } from '../core/reconcile-check-run.js';
import { reconcile } from '../core/reconcile.js';
import type { ReviewRequest } from '../core/records.js';
import type { Verdict } from '../core/verdict.js';
import { REVIEWING, wordsFor } from '../render/check-run.js';
import { answerAlert } from './answer-alert.js';
import { carryOutCommands, type CommandOutcome } from './carry-out-commands.js';
import { followUpMerge } from './follow-up.js';
import { judgePull, openCase, whyNotReviewed, worstVerdict, type JudgedPull } from './judge-pull.js';
import { parseCommand } from './parse-command.js';
import { skippedVerdict } from './skipped-verdict.js';
import type { Case, PendingWork, Workplace } from './workplace.js';

/**
 * Does everything that waits for one pull request: its commands, then one review of the newest head, however many events
 * asked for it. May be stopped and repeated at any point; what was said already is not said again.
 */
export async function workOnPull(place: Workplace, number: number, pending: PendingWork): Promise<void> {
  const pull = await place.host.pull(number);
  if (pull.state === 'closed') {
    await answerAfterwards(place, pull, pending.commands);
    await workAfterwards(place, pull, pending.reviews);
    return;
  }
  const opened = await openCase(place, pull);
  const outcome = await carryOutCommands(place, opened, pending.commands);
  if (pending.reviews.length === 0 && !outcome.review) return;
  await reviewAndPublish(place, opened, pending.reviews, outcome);
}

/** The one question that makes sense once a pull request is closed. */
async function answerAfterwards(place: Workplace, pull: HostPull, commands: PendingWork['commands']): Promise<void> {
  const questions = commands.filter((command) => parseCommand(command.body)?.word === 'revert');
  if (questions.length > 0) await carryOutCommands(place, await openCase(place, pull), questions);
}

/** What a merge, and deployments of it that failed, ask for. */
async function workAfterwards(place: Workplace, pull: HostPull, requests: readonly ReviewRequest[]): Promise<void> {
  const failed = new Set(requests.flatMap((request) => (request.trigger === 'alert' && request.headSha !== null ? [request.headSha] : [])));
  const merged = requests.some((request) => request.trigger === 'merged');
  if (!pull.merged || (!merged && failed.size === 0)) return place.log.info({}, 'closed, nothing to review');
  if (merged) await followUpMerge(place, pull);
  for (const sha of failed) await answerAlert(place, pull, sha);
}

async function reviewAndPublish(place: Workplace, opened: Case, requests: readonly ReviewRequest[], outcome: CommandOutcome): Promise<void> {
  const { host, records } = place;
  const { pull, config } = opened;
  const rerun = requests.find((request) => request.trigger === 'rerun')?.delivery ?? null;
  const asked = outcome.review || requests.some((request) => request.trigger === 'requested' || request.trigger === 'rerun');
  const published = await host.published(pull, pull.headSha);
  const restart = asked || requests.some((request) => request.trigger === 'base-changed');
  const why = whyNotReviewed(opened, asked);
  const announcement = why === null ? announce({ published, headSha: pull.headSha, pull: pull.number, rerun }, REVIEWING, restart) : { writes: [] };
  await host.carryOut(announcement, place.signal);

  const judged: JudgedPull = why === null ? await judgePull(place, opened, asked ? 'again' : 'ask') : { changes: [], reviewed: skippedVerdict(why) };
  const sharing = await host.openPulls(pull.headSha);
  const verdict = worstVerdict(judged.reviewed.verdict, await judgeOthers(place, sharing.filter((other) => other.number !== pull.number)));
  // A newer head is reviewed next: this one gets its check, so that nothing hangs in progress, and no comments.
  const moved = !sharing.some((other) => other.number === pull.number) && (await host.pull(pull.number)).headSha !== pull.headSha;
  const silent = moved || why !== null || (!asked && (await records.paused(host.repo, pull.number)));
  const publication = reconcile({
    pull: pull.number,
    headSha: pull.headSha,
    verdict,
    changes: judged.changes,
    // A run that stood before was opened again and shows something else now; a new one the host knows by its name.
    published: announcement.writes.length > 0 && published.checkRuns.length > 0 ? await host.published(pull, pull.headSha) : published,
    dismissed: await records.dismissals(host.repo, pull.number),
    config,
    rerun,
    words: wordsFor({ homepage: place.homepage, headers: place.rules }),
    sign: (marker) => host.sign(marker, pull.number),
  });
  await host.carryOut(silent ? { writes: publication.writes.filter((write) => write.kind === 'check-run') } : publication, place.signal);
  place.observe(verdict);
  place.log.info({ headSha: pull.headSha, conclusion: verdict.conclusion, findings: verdict.entries.length, silent }, 'review published');
}

/** The verdicts of other pull requests with the same head. */
async function judgeOthers(place: Workplace, others: readonly HostPull[]): Promise<readonly { readonly pull: number; readonly verdict: Verdict }[]> {
  const verdicts = [];
  for (const other of others) {
    const opened = await openCase(place, other);
    if (whyNotReviewed(opened, false) !== null) continue;
    const { reviewed } = await judgePull(place, opened, 'kept');
    verdicts.push({ pull: other.number, verdict: reviewed.verdict });
  }
  return verdicts;
}
