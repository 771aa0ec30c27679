import type { ObjectChange } from '../core/history.js';
import type { RepositoryName } from '../core/job.js';
import type { Client } from './client.js';
import type { ListedFile } from './read-comparison.js';

interface TreeItem {
  readonly type: string;
  readonly sha: string;
  readonly mode: string;
}

/** What differs between two commits' trees, by path: mode and name of each version's content. null when a tree was cut. */
export async function readObjects(client: Client, repo: RepositoryName, from: string, to: string, signal: AbortSignal): Promise<ReadonlyMap<string, ObjectChange> | null> {
  const before = await readTree(client, repo, from, signal);
  const after = await readTree(client, repo, to, signal);
  if (!before.complete || !after.complete) return null;
  const nameOf = (item: TreeItem | undefined): string | null => (item === undefined ? null : `${item.mode} ${item.sha}`);
  const changes = new Map<string, ObjectChange>();
  for (const path of new Set([...before.items.keys(), ...after.items.keys()])) {
    const [old, fresh] = [nameOf(before.items.get(path)), nameOf(after.items.get(path))];
    if (old !== fresh) changes.set(path, { before: old, after: fresh });
  }
  return changes;
}

/** What differs between two commits' trees, by name: for comparisons of more files than the host lists. `complete` is false when it cut a tree. */
export async function readTreeDifference(client: Client, repo: RepositoryName, base: string, head: string, signal: AbortSignal): Promise<{ readonly files: readonly ListedFile[]; readonly complete: boolean }> {
  const before = await readTree(client, repo, base, signal);
  const after = await readTree(client, repo, head, signal);
  const files: ListedFile[] = [];
  for (const [path, item] of after.items) {
    const old = before.items.get(path);
    if (old?.sha !== item.sha) files.push(fileOf(path, old === undefined ? 'added' : 'modified', item));
  }
  for (const [path, item] of before.items) if (!after.items.has(path)) files.push(fileOf(path, 'removed', item));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, complete: before.complete && after.complete };
}

async function readTree(client: Client, repo: RepositoryName, sha: string, signal: AbortSignal): Promise<{ readonly items: ReadonlyMap<string, TreeItem>; readonly complete: boolean }> {
  const { data } = await client.read('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { owner: repo.owner, repo: repo.name, tree_sha: sha, recursive: '1' }, signal);
  const items = new Map<string, TreeItem>();
  for (const { path, type, sha: object, mode } of data.tree) if (type !== 'tree') items.set(path, { type, sha: object, mode });
  return { items, complete: !data.truncated };
}

function fileOf(path: string, status: ListedFile['status'], item: TreeItem): ListedFile {
  return { path, previousPath: null, status, sha: item.sha, additions: 0, deletions: 0, patch: null, ...(item.type === 'commit' ? { submodule: true as const } : {}) };
}
