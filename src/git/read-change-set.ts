import type { Change, ChangeSet, ChangeStatus, Pull, Unread } from '../core/change-set.js';
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../core/host.js';
import { diffTexts } from '../core/hunks.js';
import { listFiles, readFileBelow } from './folder-snapshot.js';
import type { ObjectReader } from './object-reader.js';
import type { LocalRepository } from './open-repository.js';
import { runGit } from './run-git.js';
import { SUBMODULE_MODE, SYMLINK_MODE, decodeText, tooLargeDetail } from './tree.js';

interface RawChange {
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldObject: string;
  readonly newObject: string;
  readonly status: ChangeStatus;
  readonly path: string;
  readonly previousPath?: string;
}

/** What to compare. `head` null means the work tree as it lies on the disk, untracked files included. */
export interface Comparison {
  readonly baseSha: string;
  readonly mergeBaseSha: string;
  readonly headSha: string;
  readonly worktree: boolean;
  readonly pull: Pull;
}

/** Reads every change between two commits, or between a commit and the work tree, with both texts whole. */
export async function readChangeSet(
  repository: LocalRepository,
  comparison: Comparison,
  objects: ObjectReader,
  limits: ReadLimits = DEFAULT_READ_LIMITS,
): Promise<ChangeSet> {
  const raw = await listChanges(repository, comparison);
  const changes: Change[] = [];
  const unread: Unread[] = [];
  let total = 0;
  for (const [index, one] of raw.entries()) {
    if (index >= limits.files || total > limits.totalBytes) {
      const detail = index >= limits.files ? `only the first ${limits.files} files of a change are read` : `the change is above ${limits.totalBytes / 1_000_000} MB in all`;
      unread.push({ path: one.path, reason: 'over-file-limit', detail });
      continue;
    }
    const read = await readChange(repository, comparison, objects, one, limits);
    if ('unread' in read) unread.push({ path: one.path, ...read.unread });
    else {
      changes.push(read.change);
      total += (read.change.before?.length ?? 0) + (read.change.after?.length ?? 0);
    }
  }
  const { baseSha, mergeBaseSha, headSha, pull } = comparison;
  return { repo: repository.name, baseSha, mergeBaseSha, headSha, pull, changes, unread };
}

async function listChanges(repository: LocalRepository, comparison: Comparison): Promise<readonly RawChange[]> {
  const range = comparison.worktree ? [comparison.mergeBaseSha] : [comparison.mergeBaseSha, comparison.headSha];
  const out = await runGit(repository.directory, ['diff', '--raw', '-z', '-M', '-l2000', '--no-abbrev', '--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty', ...range]);
  const changes = parseRaw(out.toString('utf8'));
  if (!comparison.worktree) return changes;
  const untracked = (await runGit(repository.directory, ['ls-files', '--others', '--exclude-standard', '-z'])).toString('utf8').split('\0').filter((path) => path !== '');
  const added = untracked.map((path): RawChange => ({ oldMode: '000000', newMode: '100644', oldObject: '', newObject: '', status: 'added', path }));
  return [...changes, ...added].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Reads the output of `git diff --raw -z`. Type changes count as modified. */
export function parseRaw(out: string): readonly RawChange[] {
  const fields = out.split('\0');
  const changes: RawChange[] = [];
  for (let at = 0; at < fields.length; ) {
    const match = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(fields[at] ?? '');
    if (match === null) break;
    const [, oldMode = '', newMode = '', oldObject = '', newObject = '', letter = ''] = match;
    const renamed = letter === 'R' || letter === 'C';
    const first = fields[at + 1] ?? '';
    const path = renamed ? (fields[at + 2] ?? '') : first;
    const status: ChangeStatus = letter === 'A' || letter === 'C' ? 'added' : letter === 'D' ? 'removed' : letter === 'R' ? 'renamed' : 'modified';
    changes.push({ oldMode, newMode, oldObject, newObject, status, path, ...(letter === 'R' ? { previousPath: first } : {}) });
    at += renamed ? 3 : 2;
  }
  return changes;
}

type ReadChange = { readonly change: Change } | { readonly unread: Omit<Unread, 'path'> };
type ReadText = { readonly text: string | null } | { readonly unread: Omit<Unread, 'path'> };

async function readChange(repository: LocalRepository, comparison: Comparison, objects: ObjectReader, raw: RawChange, limits: ReadLimits): Promise<ReadChange> {
  const modes = [raw.oldMode, raw.newMode];
  if (modes.includes(SUBMODULE_MODE)) return { unread: { reason: 'submodule', detail: 'a submodule: its commits belong to another repository' } };
  if (modes.includes(SYMLINK_MODE)) return { unread: { reason: 'symlink', detail: 'a symbolic link is not followed' } };
  const [before, after] = await Promise.all([
    raw.status === 'added' ? { text: null } : readObject(objects, raw.oldObject, limits),
    readAfter(repository, comparison, objects, raw, limits),
  ]);
  if ('unread' in before) return before;
  if ('unread' in after) return after;
  const { hunks, touched } = diffTexts(before.text, after.text);
  return {
    change: {
      path: raw.path,
      ...(raw.previousPath === undefined ? {} : { previousPath: raw.previousPath }),
      status: raw.status,
      before: before.text,
      after: after.text,
      hunks,
      touched,
    },
  };
}

async function readAfter(repository: LocalRepository, comparison: Comparison, objects: ObjectReader, raw: RawChange, limits: ReadLimits): Promise<ReadText> {
  if (raw.status === 'removed') return { text: null };
  if (!comparison.worktree) return readObject(objects, raw.newObject, limits);
  return (await readFileBelow(repository.directory, raw.path, limits)) ?? { text: null };
}

async function readObject(objects: ObjectReader, object: string, limits: ReadLimits): Promise<ReadText> {
  const size = await objects.size(object);
  if (size === null) return { unread: { reason: 'unreadable', detail: 'the file is not in this clone (a shallow or partial clone?)' } };
  if (size > limits.fileBytes) return { unread: { reason: 'too-large', detail: tooLargeDetail(size, limits) } };
  const content = await objects.read(object);
  const text = content === null ? null : decodeText(content);
  return text === null ? { unread: { reason: 'binary', detail: 'a binary file' } } : { text };
}

/** The work tree's files as git sees them: tracked and untracked, ignored ones left out. */
export async function worktreeFiles(repository: LocalRepository): Promise<readonly string[]> {
  if (repository.bare) return [];
  const out = await runGit(repository.directory, ['ls-files', '--cached', '--others', '--exclude-standard', '-z']).catch(() => null);
  if (out === null) return listFiles(repository.directory, ['.']);
  return [...new Set(out.toString('utf8').split('\0').filter((path) => path !== ''))].sort();
}
