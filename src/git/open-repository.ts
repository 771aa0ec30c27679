import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../core/errors.js';
import type { RepositoryName } from '../core/job.js';
import { GitError, gitText } from './run-git.js';

/** A repository on this machine. */
export interface LocalRepository {
  /** The top of the work tree, or the git directory of a bare repository. */
  readonly directory: string;
  readonly bare: boolean;
  /** From the `origin` remote where it has the form `…/owner/name`, else `local/<folder>`. */
  readonly name: RepositoryName;
}

/** Opens the repository a folder lies in. Throws `UsageError` when there is none. */
export async function openRepository(directory: string): Promise<LocalRepository> {
  const from = resolve(directory);
  if ((await stat(from).catch(() => null))?.isDirectory() !== true) throw new UsageError(`--repo ${directory}: no such folder.`);
  try {
    const bare = (await gitText(from, ['rev-parse', '--is-bare-repository'])) === 'true';
    const top = bare ? await gitText(from, ['rev-parse', '--absolute-git-dir']) : await gitText(from, ['rev-parse', '--show-toplevel']);
    return { directory: top, bare, name: await repositoryName(top) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (/dubious ownership/.test(error.stderr)) {
      throw new UsageError(`${from} belongs to another user and git refuses to read it: run git config --global --add safe.directory ${from}`);
    }
    throw new UsageError(`${from} is not in a git repository: change the folder or name one with --repo DIR.`);
  }
}

async function repositoryName(directory: string): Promise<RepositoryName> {
  const folder = directory.replace(/\/\.git$/, '').split(/[\\/]/).at(-1) ?? 'repository';
  const remote = await gitText(directory, ['config', '--get', 'remote.origin.url']).catch(() => '');
  const match = /[:/]([^/:]+)\/([^/]+?)(?:\.git)?\/?$/.exec(remote);
  return match?.[1] !== undefined && match[2] !== undefined ? { owner: match[1], name: match[2] } : { owner: 'local', name: folder };
}

/** The commit a name stands for: 40 hex digits. Throws `UsageError` naming what was asked for. */
export async function resolveCommit(repository: LocalRepository, ref: string, flag: string): Promise<string> {
  if (ref.startsWith('-')) throw new UsageError(`${flag} ${ref}: a ref cannot start with a dash.`);
  try {
    return await gitText(repository.directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (ref === 'HEAD' && (await isEmpty(repository))) throw new UsageError(`${repository.directory} has no commit yet: there is nothing to compare with. \`belay scan .\` judges the files as they are.`);
    throw new UsageError(`${flag} ${ref}: no such commit in ${repository.directory}. Fetch it, or name another one.`);
  }
}

async function isEmpty(repository: LocalRepository): Promise<boolean> {
  return (await gitText(repository.directory, ['rev-list', '--all', '--max-count=1']).catch(() => '')) === '';
}

/** The default branch as a ref that resolves here: origin/HEAD, else main, else master. Throws `UsageError` when there is none. */
export async function defaultBranch(repository: LocalRepository): Promise<{ readonly ref: string; readonly branch: string }> {
  const candidates = ['origin/HEAD', 'main', 'master'];
  for (const ref of candidates) {
    const full = await gitText(repository.directory, ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', ref]).catch(() => '');
    const found = await gitText(repository.directory, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]).catch(() => '');
    if (found !== '') return { ref, branch: full.replace(/^refs\/(heads|remotes\/origin)\//, '') || ref };
  }
  throw new UsageError('No default branch was found (tried origin/HEAD, main and master): set one with `git remote set-head origin --auto`; `belay review` also takes --base REF.');
}

/** The merge base of two commits; the first itself when their histories are not connected. */
export async function mergeBase(repository: LocalRepository, base: string, head: string): Promise<{ readonly sha: string; readonly related: boolean }> {
  try {
    return { sha: (await gitText(repository.directory, ['merge-base', base, head])).split('\n')[0] ?? base, related: true };
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error;
    return { sha: base, related: false };
  }
}
