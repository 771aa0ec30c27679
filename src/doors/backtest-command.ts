import { EMPTY_PULL } from '../core/change-set.js';
import { lastMerged, type MergedChange } from '../git/merged-changes.js';
import { defaultBranch, openRepository, type LocalRepository } from '../git/open-repository.js';
import type { BacktestRow } from '../render/backtest.js';
import { rules } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { EXIT } from './exit-code.js';
import { CONFIG_PATH, localConfig } from './local-config.js';
import { reviewLocally, type LocalSettings } from './local-review.js';
import { packageInfo } from './package-info.js';
import { printOut, wantsColor } from './print.js';
import { openProgress } from './progress.js';
import { untilInterrupted } from './until-interrupted.js';

/** Flags of `belay backtest`. */
export interface BacktestOptions extends CommonOptions {
  readonly repo: string;
  readonly last: number;
}

/** `belay backtest`: looks back, so whatever it finds, it succeeds; only a review that went wrong in Belay changes the exit code. */
export async function backtestCommand(options: BacktestOptions): Promise<void> {
  const repository = await openRepository(options.repo);
  try {
    await lookBack(repository, options);
  } finally {
    repository.objects.close();
  }
}

async function lookBack(repository: LocalRepository, options: BacktestOptions): Promise<void> {
  const { branch, sha: tip } = await defaultBranch(repository);
  const config = await localConfig(options.config, async () => repository.snapshotAt(tip).read(CONFIG_PATH), rules);
  const merged = await lastMerged(repository, tip, options.last);
  const progress = openProgress(process.stderr);
  const rows = await untilInterrupted(async (signal) => {
    const settings: LocalSettings = { rules, config, ask: null, whyNotAsked: 'a backtest does not ask the model', prompts: new Map(), notices: [], signal };
    const done: BacktestRow[] = [];
    for (const [index, change] of merged.entries()) {
      progress.say(`change ${index + 1} of ${merged.length}: ${change.subject}`);
      done.push(await reviewMerged(repository, branch, change, settings));
    }
    return done;
  }).finally(() => progress.clear());
  await printOut(await render(rows, options));
  const failed = rows.filter((row) => row.verdict.mishaps.length > 0).length;
  if (failed > 0) process.stderr.write(`belay: in ${failed} of ${rows.length} reviews a part failed in Belay itself.\n`);
  process.exitCode = failed > 0 && options.strict ? EXIT.failed : EXIT.nothingBlocking;
}

async function reviewMerged(repository: LocalRepository, branch: string, change: MergedChange, settings: LocalSettings): Promise<BacktestRow> {
  const pull = {
    ...EMPTY_PULL,
    number: change.number,
    wordsFrom: 'commits' as const,
    title: titleOf(change),
    body: change.body,
    author: change.author,
    headBranch: /^Merge pull request #\d+ from [^/\s]+\/(\S+)/.exec(change.subject)?.[1] ?? '',
    baseBranch: branch,
    defaultBranch: branch,
  };
  const { reviewed } = await reviewLocally(repository, { baseSha: change.parent, mergeBase: { sha: change.parent, related: true }, headSha: change.sha, worktree: false, pull }, settings);
  return { sha: change.sha, subject: change.subject, date: change.date, number: change.number, verdict: reviewed.verdict };
}

/** A merge commit's own subject says little; the first line of its body is the pull request's title. */
function titleOf(change: MergedChange): string {
  return change.subject.startsWith('Merge pull request #') ? (change.body.split('\n')[0] ?? change.subject) : change.subject;
}

async function render(rows: readonly BacktestRow[], options: BacktestOptions): Promise<string> {
  const { renderBacktest, backtestDocument } = await import('../render/backtest.js');
  if (options.format === 'json') return `${JSON.stringify(backtestDocument(rows, packageInfo().homepage), null, 2)}\n`;
  return renderBacktest(rows, { markdown: options.format === 'markdown', color: wantsColor(options.color) });
}
