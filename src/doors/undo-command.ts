import { EMPTY_PULL } from '../core/change-set.js';
import { UsageError } from '../core/errors.js';
import type { MergedRange } from '../core/history.js';
import { localHistory } from '../git/local-history.js';
import { localUndo } from '../git/local-undo.js';
import { defaultBranch, openRepository, resolveCommit, type LocalRepository } from '../git/open-repository.js';
import { readChangeSet } from '../git/read-change-set.js';
import { gitText } from '../git/run-git.js';
import { mayBeMigration } from '../migrations/find-migrations.js';
import { undoProofMarkdown, undoProofText, type UndoProof } from '../render/undo-proof.js';
import { conflictsAt, MAX_FILES } from '../review/prove-undo.js';
import { undoCommand as gitRevert } from '../rollback/undo-commands.js';
import { EXIT } from './exit-code.js';
import { printOut } from './print.js';

/** Flags of `belay undo`. */
export interface UndoOptions {
  readonly repo: string;
  readonly format: string;
}

/**
 * `belay undo COMMIT|#N`: whether reverting what was merged still applies at the tip of the default branch, and what stands in the way.
 * Changes nothing in the repository. Ends in 1 where it meets later work. Throws `UsageError` for what was never merged.
 */
export async function undoCommand(what: string, options: UndoOptions): Promise<void> {
  const repository = await openRepository(options.repo);
  try {
    const proof = await proofFor(repository, what);
    await printOut(options.format === 'json' ? `${JSON.stringify(proof, null, 2)}\n` : options.format === 'markdown' ? `${undoProofMarkdown(proof)}\n` : undoProofText(proof));
    process.exitCode = proof.conflicts.length > 0 ? EXIT.blocking : EXIT.nothingBlocking;
  } finally {
    repository.objects.close();
  }
}

async function proofFor(repository: LocalRepository, what: string): Promise<UndoProof> {
  const { branch, sha: tipSha } = await defaultBranch(repository);
  const range = await mergedRange(repository, what, tipSha);
  const { changes, unread } = await readChangeSet(repository, { baseSha: range.parentSha, mergeBaseSha: range.parentSha, headSha: range.sha, worktree: false, pull: EMPTY_PULL }, repository.objects);
  const parents = (await gitText(repository.directory, ['rev-list', '--parents', '-n1', range.sha])).split(' ').length - 1;
  return {
    sha: range.sha,
    tipSha,
    branch,
    command: gitRevert(parents > 1 ? 'merge' : 'squash', range.sha.slice(0, 12), 1),
    conflicts: await conflictsAt(localUndo(repository), changes.slice(0, MAX_FILES), range.sha, tipSha),
    unread: [...unread.map((one) => one.path), ...changes.slice(MAX_FILES).map((change) => change.path)],
    pulls: [],
    migrations: changes.filter((change) => change.after !== null && mayBeMigration(change.path)).map((change) => change.path),
  };
}

async function mergedRange(repository: LocalRepository, what: string, tipSha: string): Promise<MergedRange> {
  const history = localHistory(repository, tipSha);
  const number = /^#?(\d{1,6})$/.exec(what)?.[1];
  if (number !== undefined) {
    const [range] = await history.mergedPull(Number(number));
    if (range !== undefined) return range;
    if (what.startsWith('#')) throw new UsageError(`${what}: no commit on the default branch says that it merged this pull request. Name the commit instead.`);
  }
  const range = await history.merged(await resolveCommit(repository, what, 'the commit'));
  if (range === null) throw new UsageError(`${what} was never merged to the default branch, or is its first commit: there is nothing to undo.`);
  return range;
}
