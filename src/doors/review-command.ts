import type { Pull } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import { UsageError } from '../core/errors.js';
import { gitText } from '../git/run-git.js';
import { commitSnapshot } from '../git/commit-snapshot.js';
import { openObjectReader } from '../git/object-reader.js';
import { defaultBranch, openRepository, resolveCommit, type LocalRepository } from '../git/open-repository.js';
import { pullFromCommits, readCommits, readTemplates } from '../git/local-pull.js';
import { rules } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { exitCodeFor } from './exit-code.js';
import { CONFIG_PATH, localConfig } from './local-config.js';
import { localModel } from './local-model.js';
import { reviewLocally, type LocalReview } from './local-review.js';
import { packageInfo } from './package-info.js';
import { printOut, wantsColor } from './print.js';
import { openProgress } from './progress.js';
import { renderReview } from './render-review.js';
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
  const repository = await openRepository(options.repo);
  if (options.worktree && repository.bare) throw new UsageError('--worktree: a bare repository has no work tree.');
  if (options.worktree && options.head !== 'HEAD') throw new UsageError('--worktree reviews what lies on the disk: it cannot be used with --head.');
  const refs = await resolveRefs(repository, options);
  const { pull, notices } = await describePull(repository, refs, options);
  const objects = openObjectReader(repository.directory);
  const config = await localConfig(options.config, async () => commitSnapshot(repository.directory, refs.baseSha, objects).read(CONFIG_PATH), rules).finally(() => objects.close());
  const model = await localModel(options.llm, config.llm);
  const progress = openProgress(process.stderr);
  const done = await untilInterrupted(async (signal) =>
    reviewLocally(repository, { ...refs, worktree: options.worktree, pull }, { rules, config, ...model, signal, notices, progress: progress.say }),
  ).finally(() => progress.clear());
  await present(done, config, options);
}

async function present(done: LocalReview, config: Config, options: ReviewOptions): Promise<void> {
  const { version, homepage } = packageInfo();
  await printOut(await renderReview(options.format, done, { version, homepage, color: wantsColor(options.color), headers: rules, config }));
  const { code, warning } = exitCodeFor(done.reviewed.verdict, options.strict);
  if (warning !== null) process.stderr.write(`${warning}\n`);
  process.exitCode = code;
}

interface Refs {
  readonly base: string;
  readonly baseSha: string;
  readonly headSha: string;
  readonly defaultBranch: string;
}

async function resolveRefs(repository: LocalRepository, options: ReviewOptions): Promise<Refs> {
  const headSha = await resolveCommit(repository, options.head, '--head');
  if (options.base !== undefined) {
    const known = await defaultBranch(repository).catch(() => null);
    return { base: options.base, baseSha: await resolveCommit(repository, options.base, '--base'), headSha, defaultBranch: known?.branch ?? 'main' };
  }
  const { ref, branch } = await defaultBranch(repository);
  return { base: ref, baseSha: await resolveCommit(repository, ref, '--base'), headSha, defaultBranch: branch };
}

/** The pull request's own words: from the file, else from the commits; templates come from the base. */
async function describePull(repository: LocalRepository, refs: Refs, options: ReviewOptions): Promise<{ readonly pull: Pull; readonly notices: readonly string[] }> {
  const from = await gitText(repository.directory, ['merge-base', refs.baseSha, refs.headSha]).catch(() => refs.baseSha);
  const objects = openObjectReader(repository.directory);
  const templates = await readTemplates(commitSnapshot(repository.directory, refs.baseSha, objects)).finally(() => objects.close());
  if (options.pr === undefined) {
    const pull = await pullFromCommits(repository, { base: refs.base, head: options.head, from, to: refs.headSha, defaultBranch: refs.defaultBranch });
    return { pull: { ...pull, templates }, notices: ['No --pr FILE was given: the branch names and commit messages stood in for the pull request’s own words.'] };
  }
  const { readPullFile } = await import('./pull-file.js');
  const pull = await readPullFile(options.pr, refs.defaultBranch);
  const commits = pull.commits.length > 0 ? pull.commits : await readCommits(repository, from, refs.headSha);
  return { pull: { ...pull, commits, templates: [...pull.templates, ...templates] }, notices: [] };
}
