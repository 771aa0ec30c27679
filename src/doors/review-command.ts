import type { Pull } from '../core/change-set.js';
import { UsageError } from '../core/errors.js';
import { openRepository, type LocalRepository } from '../git/open-repository.js';
import { pullFromCommits, readCommits, readTemplates } from '../git/local-pull.js';
import type { CommonOptions } from './cli-options.js';
import { exitCodeFor } from './exit-code.js';
import { CONFIG_PATH, localConfig } from './local-config.js';
import { localModel } from './local-model.js';
import { localProver } from './local-proof.js';
import { packageInfo } from './package-info.js';
import { printOut, wantsColor } from './print.js';
import { openProgress } from './progress.js';
import { resolveRefs, type Refs } from './resolve-refs.js';
import { untilInterrupted } from './until-interrupted.js';

/** Flags of `belay review`. */
export interface ReviewOptions extends CommonOptions {
  readonly repo: string;
  readonly base?: string;
  readonly head: string;
  readonly worktree: boolean;
  readonly pr?: string;
  readonly llm: 'auto' | 'off';
}

/** `belay review`: sets the process's exit code. Throws `UsageError` for what the user has to change. */
export async function reviewCommand(options: ReviewOptions): Promise<void> {
  // Loaded while git is at work.
  const parts = Promise.all([import('./local-review.js'), import('../rules/registry.generated.js'), import('./render-review.js')] as const);
  parts.catch(() => undefined);
  const repository = await openRepository(options.repo);
  try {
    if (options.worktree && repository.bare) throw new UsageError('--worktree: a bare repository has no work tree.');
    if (options.worktree && options.head !== 'HEAD') throw new UsageError('--worktree reviews what lies on the disk: it cannot be used with --head.');
    const refs = await resolveRefs(repository, options);
    const [{ reviewLocally }, { rules }, { renderReview }] = await parts;
    const [{ pull, notices }, config] = await Promise.all([
      describePull(repository, refs, options),
      localConfig(options.config, async () => repository.snapshotAt(refs.baseSha).read(CONFIG_PATH), rules),
    ]);
    const model = await localModel(options.llm, config.llm);
    const prove = localProver();
    const progress = openProgress(process.stderr);
    const done = await untilInterrupted(async (signal) =>
      reviewLocally(repository, { ...refs, worktree: options.worktree, pull }, { rules, config, ...model, signal, notices, prove, progress: progress.say }),
    ).finally(() => progress.clear());
    const { version, homepage } = packageInfo();
    await printOut(await renderReview(options.format, done, { version, homepage, color: wantsColor(options.color), headers: rules, config }));
    const { code, warning } = exitCodeFor(done.reviewed.verdict, options.strict);
    if (warning !== null) process.stderr.write(`${warning}\n`);
    process.exitCode = code;
  } finally {
    repository.objects.close();
  }
}

/** The pull request's own words: from the file, else from the commits; templates come from the base. */
async function describePull(repository: LocalRepository, refs: Refs, options: ReviewOptions): Promise<{ readonly pull: Pull; readonly notices: readonly string[] }> {
  const from = refs.mergeBase.sha;
  const reading = readTemplates(repository.snapshotAt(refs.baseSha));
  if (options.pr === undefined) {
    const [templates, pull] = await Promise.all([reading, pullFromCommits(repository, { base: options.base ?? null, head: options.head, from, to: refs.headSha, defaultBranch: refs.defaultBranch })]);
    return { pull: { ...pull, templates }, notices: ['No --pr FILE was given: the branch names and commit messages stood in for the pull request’s own words, and no rollback plan was looked for.'] };
  }
  const { readPullFile } = await import('./pull-file.js');
  const [templates, pull] = await Promise.all([reading, readPullFile(options.pr, refs.defaultBranch)]);
  const commits = pull.commits.length > 0 ? pull.commits : await readCommits(repository, from, refs.headSha);
  return { pull: { ...pull, commits, templates: [...pull.templates, ...templates] }, notices: [] };
}
