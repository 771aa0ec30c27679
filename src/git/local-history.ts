import { EMPTY_PULL } from '../core/change-set.js';
import type { History, MergedRange, ObjectChange } from '../core/history.js';
import type { LocalRepository } from './open-repository.js';
import { readChangeSet } from './read-change-set.js';
import { gitText, runGit } from './run-git.js';

/** Merges that are looked through for one that names a pull request. */
const MERGES = 20_000;

/** The merged history of a local repository before `base`. */
export function localHistory(repository: LocalRepository, base: string): History {
  const { directory } = repository;
  return {
    merged: async (sha) => mergedCommit(directory, sha, base),
    mergedPull: async (number) => {
      const sha = await mergeNaming(directory, number, base);
      const range = sha === null ? null : await mergedCommit(directory, sha, base);
      return range === null ? [] : [range];
    },
    changes: async ({ sha, parentSha }) => readChangeSet(repository, { baseSha: parentSha, mergeBaseSha: parentSha, headSha: sha, worktree: false, pull: EMPTY_PULL }, repository.objects),
    tree: async (sha) => gitText(directory, ['rev-parse', '--verify', '--quiet', `${sha}^{tree}`]).catch(() => null),
    objects: async (fromSha, toSha) => differingObjects(directory, fromSha, toSha),
  };
}

/** A commit with its first parent; null when it is unknown here, has no parent, or was never merged to the base. */
async function mergedCommit(directory: string, sha: string, base: string): Promise<MergedRange | null> {
  const parents = await gitText(directory, ['rev-list', '--parents', '-n1', '--end-of-options', sha]).catch(() => '');
  const [commit, parentSha] = parents.split(' ');
  if (commit === undefined || parentSha === undefined) return null;
  const merged = await gitText(directory, ['merge-base', '--is-ancestor', commit, base]).then(
    () => true,
    () => false,
  );
  return merged ? { sha: commit, parentSha } : null;
}

/** The newest commit on the base's own line whose subject says that it merged this pull request. */
async function mergeNaming(directory: string, number: number, base: string): Promise<string | null> {
  const lines = await gitText(directory, ['log', '--first-parent', `--max-count=${MERGES}`, '--extended-regexp', `--grep=^Merge pull request #${number} |\\(#${number}\\)$`, '--format=%H %s', base, '--']);
  const subjects = [`Merge pull request #${number} `, `(#${number})`];
  const line = lines.split('\n').find((one) => one.slice(41).startsWith(subjects[0] ?? '') || one.endsWith(subjects[1] ?? ''));
  return line === undefined || line === '' ? null : line.slice(0, 40);
}

async function differingObjects(directory: string, fromSha: string, toSha: string): Promise<ReadonlyMap<string, ObjectChange>> {
  const fields = (await runGit(directory, ['diff-tree', '-r', '-z', '--no-renames', '--no-commit-id', fromSha, toSha])).toString('utf8').split('\0');
  const changes = new Map<string, ObjectChange>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', oldObject = '', newObject = ''] = (fields[at] ?? '').replace(/^:/, '').split(' ');
    const nameOf = (mode: string, object: string): string | null => (mode === '000000' ? null : `${mode} ${object}`);
    changes.set(fields[at + 1] ?? '', { before: nameOf(oldMode, oldObject), after: nameOf(newMode, newObject) });
  }
  return changes;
}
