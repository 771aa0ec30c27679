import type { Pull } from '../core/change-set.js';
import type { Snapshot } from '../core/snapshot.js';
import type { LocalRepository } from './open-repository.js';
import { gitText, runGit } from './run-git.js';

/** Where the host keeps pull request templates. */
const TEMPLATE_GLOBS = ['{,docs/,.github/}{pull_request_template,PULL_REQUEST_TEMPLATE}{,.md,.txt}', '{,docs/,.github/}PULL_REQUEST_TEMPLATE/*'] as const;
/** How many commits of a change are read. */
const COMMIT_LIMIT = 250;

/** The commits between two, oldest first. */
export async function readCommits(repository: LocalRepository, from: string, to: string): Promise<Pull['commits']> {
  const out = await runGit(repository.directory, ['log', '-z', `--max-count=${COMMIT_LIMIT}`, '--reverse', '--format=%H%x01%ae%x01%ce%x01%B', `${from}..${to}`]);
  return out
    .toString('utf8')
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const [sha = '', author = null, committer = null, message = ''] = record.split('\u0001');
      return { sha: sha.trim(), message: message.trim(), author, committer };
    });
}

/** The branch that is checked out, or the name that was asked for; empty for a detached head. */
export async function branchNameOf(repository: LocalRepository, ref: string): Promise<string> {
  const full = await gitText(repository.directory, ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', '--end-of-options', ref]).catch(() => '');
  return full.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, '').replace(/^(?:HEAD|refs\/.*)$/, '');
}

/** What stands in for a description where none is given: the words of the commits themselves. `base` null is the default branch. */
export async function pullFromCommits(repository: LocalRepository, refs: { readonly base: string | null; readonly head: string; readonly from: string; readonly to: string; readonly defaultBranch: string }): Promise<Pull> {
  const [commits, headBranch, baseBranch] = await Promise.all([
    readCommits(repository, refs.from, refs.to),
    branchNameOf(repository, refs.head),
    refs.base === null ? '' : branchNameOf(repository, refs.base),
  ]);
  const first = commits[0]?.message.split('\n')[0] ?? '';
  return {
    number: null,
    wordsFrom: 'commits',
    title: commits.length === 1 ? first : headBranch || first,
    body: commits.map((commit) => commit.message.split('\n').slice(1).join('\n').trim()).filter((body) => body !== '').join('\n\n'),
    author: commits.at(-1)?.author ?? 'unknown',
    authorIsBot: false,
    draft: false,
    headBranch,
    baseBranch: baseBranch || refs.defaultBranch,
    fromFork: false,
    labels: [],
    defaultBranch: refs.defaultBranch,
    templates: [],
    commits,
  };
}

/** The repository's own pull request templates in a tree. */
export async function readTemplates(snapshot: Snapshot): Promise<readonly string[]> {
  const paths = (await snapshot.list(TEMPLATE_GLOBS)).slice(0, 20);
  const texts = await Promise.all(paths.map(async (path) => snapshot.read(path)));
  return texts.filter((text): text is string => text !== null);
}
