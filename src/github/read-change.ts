import type { Change, Unread, UnreadReason } from '../core/change-set.js';
import type { ReadLimits } from '../core/host.js';
import { diffTexts, parsePatch, touchedBy, undoPatch, type Patch } from '../core/hunks.js';
import { blobSha, decodeText, withoutByteOrderMark } from './blob-sha.js';
import type { ListedFile } from './read-comparison.js';
import type { Tree } from './tree-store.js';

/** Where the two sides of a change come from. Trees are opened only when they are needed. */
export interface Sources {
  head(): Promise<Tree>;
  mergeBase(): Promise<Tree>;
  /** A blob's bytes by its name; null when there is none, `too-large` above the limit, `over-budget` when too many were asked for. */
  blob(sha: string): Promise<Uint8Array | null | 'too-large' | 'over-budget'>;
  /** A file's bytes at the merge base. */
  fileAtMergeBase(path: string): Promise<Uint8Array | null | 'too-large' | 'over-budget'>;
}

export type ReadChange = { readonly change: Change } | { readonly unread: Unread };

/** One side's text, or why there is none. A byte-order mark is still in it. */
type Side = { readonly text: string } | { readonly reason: UnreadReason; readonly detail: string };

const SUBMODULE = /^[-+]Subproject commit [0-9a-f]{40}(?:-dirty)?$/;

/**
 * Reads both versions of a listed file. The head's version is checked against the blob's name, so that no archive
 * attribute of the author's own can hide or change it; the old version comes from undoing the host's patch, which fits
 * exactly or is not used, else from the merge base's tree.
 */
export async function readChange(file: ListedFile, sources: Sources, limits: ReadLimits): Promise<ReadChange> {
  const unread = (reason: UnreadReason, detail: string): ReadChange => ({ unread: { path: file.path, reason, detail } });
  const patch = file.patch === null ? null : parsePatch(file.patch);
  if (file.submodule === true || isSubmodule(patch)) return unread('submodule', 'a submodule: its commits belong to another repository');
  const after = file.status === 'removed' ? null : await headSide(file, sources, limits);
  if (after !== null && 'reason' in after) return unread(after.reason, after.detail);
  const fitting = patch !== null && fits(patch, file) ? patch : null;
  const undone = fitting === null ? null : undoPatch(after?.text ?? '', fitting);
  if (fitting !== null && undone !== null && file.status !== 'added') return { change: changeOf(file, undone, after?.text ?? null, fitting) };
  const before = file.status === 'added' ? null : await baseSide(file, after, sources, limits);
  if (before !== null && 'reason' in before) return unread(before.reason, before.detail);
  return { change: changeOf(file, before?.text ?? null, after?.text ?? null, null) };
}

function changeOf(file: ListedFile, rawBefore: string | null, rawAfter: string | null, patch: Patch | null): Change {
  const before = rawBefore === null ? null : withoutByteOrderMark(rawBefore);
  const after = rawAfter === null ? null : withoutByteOrderMark(rawAfter);
  const { hunks, touched } = patch === null ? diffTexts(before, after) : { hunks: patch.hunks, touched: touchedBy(patch.hunks) };
  return { path: file.path, ...(file.previousPath === null ? {} : { previousPath: file.previousPath }), status: file.status, before, after, hunks, touched };
}

function isSubmodule(patch: Patch | null): boolean {
  const lines = patch?.hunks.flatMap((hunk) => hunk.lines) ?? [];
  return lines.length > 0 && lines.length <= 2 && lines.every((line) => SUBMODULE.test(line));
}

/** Whether the patch is whole: the host's own counts agree with it. */
function fits(patch: Patch, file: ListedFile): boolean {
  let additions = 0;
  let deletions = 0;
  for (const hunk of patch.hunks) {
    for (const line of hunk.lines) {
      if (line.startsWith('+')) additions += 1;
      else if (line.startsWith('-')) deletions += 1;
    }
  }
  return additions === file.additions && deletions === file.deletions;
}

async function headSide(file: ListedFile, sources: Sources, limits: ReadLimits): Promise<Side> {
  const tree = await sources.head();
  const entry = tree.entries.get(file.path);
  if (entry !== undefined && entry.kind !== 'file') return notText(entry.kind, entry.size, limits);
  const bytes = await tree.bytes(file.path);
  if (bytes !== null && (file.sha === null || blobSha(bytes) === file.sha)) return textOf(bytes, limits);
  if (file.sha === null) return { reason: 'unreadable', detail: 'the host names no content for it' };
  return fetched(await sources.blob(file.sha), limits);
}

async function baseSide(file: ListedFile, after: Side | null, sources: Sources, limits: ReadLimits): Promise<Side> {
  if (file.status === 'renamed' && file.additions + file.deletions === 0 && file.patch === null && after !== null) return after;
  const path = file.previousPath ?? file.path;
  const tree = await sources.mergeBase();
  const entry = tree.entries.get(path);
  if (entry !== undefined && entry.kind !== 'file') return notText(entry.kind, entry.size, limits);
  const bytes = await tree.bytes(path);
  return bytes === null ? fetched(await sources.fileAtMergeBase(path), limits) : textOf(bytes, limits);
}

function fetched(bytes: Uint8Array | null | 'too-large' | 'over-budget', limits: ReadLimits): Side {
  if (bytes === null) return { reason: 'unreadable', detail: 'the host does not give its content' };
  if (bytes === 'too-large') return { reason: 'too-large', detail: `above the limit of ${megabytes(limits.fileBytes)} for one file` };
  if (bytes === 'over-budget') return { reason: 'unreadable', detail: 'too many files of this change are missing from the archive of its tree' };
  return textOf(bytes, limits);
}

function textOf(bytes: Uint8Array, limits: ReadLimits): Side {
  if (bytes.byteLength > limits.fileBytes) return notText('too-large', bytes.byteLength, limits);
  const text = decodeText(bytes);
  return text === null ? { reason: 'binary', detail: 'a binary file' } : { text };
}

function notText(kind: 'binary' | 'too-large' | 'symlink' | 'refused', size: number, limits: ReadLimits): Side {
  switch (kind) {
    case 'binary':
      return { reason: 'binary', detail: 'a binary file' };
    case 'symlink':
      return { reason: 'symlink', detail: 'a symbolic link is not followed' };
    case 'too-large':
      return { reason: 'too-large', detail: `${megabytes(size)} is above the limit of ${megabytes(limits.fileBytes)} for one file` };
    case 'refused':
      return { reason: 'unreadable', detail: 'neither a regular file nor a symbolic link' };
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
