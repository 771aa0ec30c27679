import type { ReadLimits } from '../core/host.js';
import { runGit } from './run-git.js';

/** One file of a tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly object: string;
  readonly path: string;
}

/** Git's modes: a symbolic link, and a commit of another repository. */
export const SYMLINK_MODE = '120000';
export const SUBMODULE_MODE = '160000';

/** All files of a tree, in git's order, without their sizes: to tell those, git opens every one of them. Throws `GitError` when the tree is not there. */
export async function listTree(directory: string, commit: string): Promise<readonly TreeEntry[]> {
  const out = await runGit(directory, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const entries: TreeEntry[] = [];
  for (const record of out.toString('utf8').split('\0')) {
    const match = /^(\d{6}) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(record);
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) continue;
    entries.push({ mode: match[1], object: match[2], path: match[3] });
  }
  return entries;
}

/** Text or nothing: a NUL byte in the first 8,000 bytes makes a file binary, as in git. Invalid UTF-8 becomes U+FFFD. */
export function decodeText(content: Buffer): string | null {
  if (content.subarray(0, 8000).includes(0)) return null;
  const text = content.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Why a file of this size is not read, in words. */
export function tooLargeDetail(bytes: number, limits: ReadLimits): string {
  const megabytes = (value: number): string => `${(value / 1_000_000).toFixed(1)} MB`;
  return `${megabytes(bytes)} is above the limit of ${megabytes(limits.fileBytes)} for one file`;
}
