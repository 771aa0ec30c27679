import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../core/errors.js';
import type { RepositoryName } from '../core/job.js';
import type { Snapshot } from '../core/snapshot.js';
import { commitSnapshot } from './commit-snapshot.js';
import { openObjectReader, type ObjectReader } from './object-reader.js';
import { GitError, gitText } from './run-git.js';

/** A repository on this machine. */
export interface LocalRepository {
  /** The top of the work tree, or the git directory of a bare repository. */
  readonly directory: string;
  readonly bare: boolean;
  /** From the `origin` remote where it has the form `…/owner/name`, else `local/<folder>`. */
  readonly name: RepositoryName;
  /** Its objects; to be closed at the end. */
  readonly objects: ObjectReader;
  /** The tree of a commit. The last few are kept. */
  snapshotAt(commit: string): Snapshot;
}

/** Snapshots that are kept: base, merge base and head. */
const KEPT = 3;

/** Opens the repository a folder lies in. Throws `UsageError` when there is none. */
export async function openRepository(directory: string): Promise<LocalRepository> {
  const from = resolve(directory);
  if ((await stat(from).catch(() => null))?.isDirectory() !== true) throw new UsageError(`--repo ${directory}: no such folder.`);
  try {
    const origin = gitText(from, ['config', '--get', 'remote.origin.url']).catch(() => '');
    const [bare, gitDirectory = '', upwards] = (await gitText(from, ['rev-parse', '--is-bare-repository', '--absolute-git-dir', '--show-cdup'])).split('\n');
    if (bare !== 'true' && upwards === undefined) throw new GitError(['rev-parse'], 128, 'this is no work tree');
    const directory = upwards === undefined ? gitDirectory : resolve(await realpath(from), upwards);
    const objects = openObjectReader(directory);
    return { directory, bare: bare === 'true', name: repositoryName(directory, await origin), objects, snapshotAt: keepSnapshots(directory, objects) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (/dubious ownership/.test(error.stderr)) {
      throw new UsageError(`${from} belongs to another user and git refuses to read it: run git config --global --add safe.directory ${from}`);
    }
    throw new UsageError(`${from} is not in a git repository: change the folder or name one with --repo DIR.`);
  }
}

function repositoryName(directory: string, origin: string): RepositoryName {
  const folder = directory.replace(/\/\.git$/, '').split(/[\\/]/).at(-1) ?? 'repository';
  const match = /[:/]([^/:]+)\/([^/]+?)(?:\.git)?\/?$/.exec(origin);
  return match?.[1] !== undefined && match[2] !== undefined ? { owner: match[1], name: match[2] } : { owner: 'local', name: folder };
}

function keepSnapshots(directory: string, objects: ObjectReader): (commit: string) => Snapshot {
  const kept = new Map<string, Snapshot>();
  return (commit) => {
    const snapshot = kept.get(commit) ?? commitSnapshot(directory, commit, objects);
    kept.delete(commit);
    kept.set(commit, snapshot);
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
    return snapshot;
  };
}

/** The commit a name stands for: 40 hex digits. Throws `UsageError` naming what was asked for. */
export async function resolveCommit(repository: LocalRepository, ref: string, flag: string): Promise<string> {
  if (ref.startsWith('-')) throw new UsageError(`${flag} ${ref}: a ref cannot start with a dash.`);
  const found = await repository.objects.find(`${ref}^{commit}`);
  if (found !== null) return found;
  if (ref === 'HEAD') await refuseEmpty(repository);
  throw new UsageError(`${flag} ${ref}: no such commit in ${repository.directory}. Fetch it, or name another one.`);
}

/** Throws `UsageError` where nothing was committed yet: then no ref can be found, whichever was asked for. */
async function refuseEmpty(repository: LocalRepository): Promise<void> {
  const commit = await gitText(repository.directory, ['rev-list', '--all', '--max-count=1']).catch(() => '');
  if (commit === '') throw new UsageError(`${repository.directory} has no commit yet: there is nothing to compare with. \`belay scan .\` judges the files as they are.`);
}

const DEFAULT_BRANCHES = ['origin/HEAD', 'main', 'master'] as const;

/** The default branch as a ref that resolves here: origin/HEAD, else main, else master. Throws `UsageError` when there is none. */
export async function defaultBranch(repository: LocalRepository): Promise<{ readonly ref: string; readonly branch: string; readonly sha: string }> {
  const found = await Promise.all(DEFAULT_BRANCHES.map(async (ref) => ({ ref, sha: await repository.objects.find(`${ref}^{commit}`) })));
  for (const { ref, sha } of found) {
    if (sha === null) continue;
    const full = await gitText(repository.directory, ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', ref]).catch(() => '');
    return { ref, branch: full.replace(/^refs\/(heads|remotes\/origin)\//, '') || ref, sha };
  }
  await refuseEmpty(repository);
  throw new UsageError('No default branch was found (tried origin/HEAD, main and master): set one with `git remote set-head origin --auto`; `belay review` also takes --base REF.');
}

/** Where two histories part. */
export interface MergeBase {
  readonly sha: string;
  /** False when they never met: `sha` is then the first commit itself. */
  readonly related: boolean;
}

/** The merge base of two commits; the first itself when their histories are not connected. */
export async function mergeBase(repository: LocalRepository, base: string, head: string): Promise<MergeBase> {
  try {
    return { sha: (await gitText(repository.directory, ['merge-base', base, head])).split('\n')[0] ?? base, related: true };
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error;
    return { sha: base, related: false };
  }
}
