import type { Change } from '../core/change-set.js';
import type { Host, HostPull } from '../core/host.js';
import { mayBeMigration } from '../migrations/find-migrations.js';
import type { UndoConflict, UndoProof } from '../render/undo-proof.js';
import { undoCommand } from '../rollback/undo-commands.js';
import { undoMeets } from '../rollback/undo-meets.js';
import type { Workplace } from './workplace.js';

/** Files whose version of today is read. */
export const MAX_FILES = 100;
/** Conflicts whose later commits are looked up, and open pull requests that are looked at. */
const MAX_EXPLAINED = 5;
const MAX_PULLS = 20;

/** Whether undoing a merged pull request still applies at the tip of its base, and what stands in the way. Reads only. */
export async function proveUndo(place: Workplace, pull: HostPull): Promise<UndoProof | { readonly why: string }> {
  const { host, limits, signal } = place;
  const how = await host.mergedPull(pull.number);
  const before = how?.beforeAll ?? how?.parentShas[0];
  if (how === null || before === undefined) return { why: `#${pull.number} was not merged, so there is nothing to undo. How a hotfix is undone once it is merged stands in its check.` };
  const tipSha = await host.branchTip(pull.baseBranch);
  if (tipSha === null) return { why: `The branch ${pull.baseBranch} is gone: there is nowhere to undo #${pull.number}.` };
  const { changes, unread } = await host.compare(before, how.sha, pull, limits, signal);
  const method = how.parentShas.length > 1 ? 'merge' : how.beforeAll === null ? 'squash' : 'rebase';
  return {
    sha: how.sha,
    tipSha,
    branch: pull.baseBranch,
    command: undoCommand(method, how.sha.slice(0, 12), how.commits),
    conflicts: await conflictsAt(host, changes.slice(0, MAX_FILES), how.sha, tipSha),
    unread: [...unread.map((one) => one.path), ...changes.slice(MAX_FILES).map((change) => change.path)],
    pulls: await pullsOnTheSamePaths(place, pull.number, new Set(changes.flatMap((change) => [change.path, change.previousPath ?? change.path]))),
    migrations: changes.filter((change) => change.after !== null && mayBeMigration(change.path)).map((change) => change.path),
  };
}

/** Where undoing a change meets later work, file by file, and by whom for the first of them. */
export async function conflictsAt(host: Pick<Host, 'file' | 'commitsTouching'>, changes: readonly Change[], sha: string, tipSha: string): Promise<readonly UndoConflict[]> {
  const conflicts: UndoConflict[] = [];
  for (const change of changes) {
    const lines = undoMeets(change, await host.file(change.path, tipSha));
    if (lines === null) continue;
    const commits = conflicts.length < MAX_EXPLAINED ? await host.commitsTouching(change.path, sha, tipSha) : [];
    conflicts.push({ path: change.path, lines, commits });
  }
  return conflicts;
}

async function pullsOnTheSamePaths({ host }: Workplace, own: number, paths: ReadonlySet<string>): Promise<UndoProof['pulls']> {
  const found: UndoProof['pulls'][number][] = [];
  for (const open of (await host.openPulls()).filter((one) => one.number !== own).slice(0, MAX_PULLS)) {
    const shared = (await host.changedPaths(open.number)).filter((path) => paths.has(path));
    if (shared.length > 0) found.push({ number: open.number, title: open.title, paths: shared });
  }
  return found;
}
