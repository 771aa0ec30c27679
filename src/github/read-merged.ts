import { BelayError } from '../core/errors.js';
import type { MergedPull } from '../core/host.js';
import type { RepositoryName } from '../core/job.js';
import type { Client } from './client.js';
import { httpFailure } from './failures.js';

/** The full name of a commit and its first parent, where it is an ancestor of `baseSha`. */
export async function readMergedParent(client: Client, repo: RepositoryName, sha: string, baseSha: string): Promise<{ readonly sha: string; readonly parentSha: string } | null> {
  const place = { owner: repo.owner, repo: repo.name };
  const commit = await unlessUnknown(() => client.read('GET /repos/{owner}/{repo}/commits/{ref}', { ...place, ref: sha, per_page: 1 }));
  const parentSha = commit?.data.parents[0]?.sha;
  if (commit === null || parentSha === undefined) return null;
  const compared = await unlessUnknown(() => client.read('GET /repos/{owner}/{repo}/compare/{basehead}', { ...place, basehead: `${commit.data.sha}...${baseSha}`, per_page: 1, page: 2 }));
  return compared?.data.merge_base_commit.sha === commit.data.sha ? { sha: commit.data.sha, parentSha } : null;
}

/** More rebased commits than this are not looked through. */
const MAX_REBASED = 99;

/** How a pull request was merged; null where there is none here, or it was not. */
export async function readMergedPull(client: Client, repo: RepositoryName, number: number): Promise<MergedPull | null> {
  const place = { owner: repo.owner, repo: repo.name };
  const shown = await client.find('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...place, pull_number: number });
  const sha = shown?.data.merge_commit_sha ?? null;
  if (shown === null || !shown.data.merged || sha === null) return null;
  const { title, commits, base, user } = shown.data;
  const commit = await unlessUnknown(() => client.read('GET /repos/{owner}/{repo}/commits/{ref}', { ...place, ref: sha, per_page: 1 }));
  if (commit === null) return null;
  const parentShas = commit.data.parents.map((parent) => parent.sha);
  const beforeAll = parentShas.length === 1 && commits > 1 && commits <= MAX_REBASED ? await beforeRebased(client, repo, number, sha, commits) : null;
  return { number, title, sha, parentShas, beforeAll, commits, baseBranch: base.ref, author: user.login };
}

/** The commit before all commits of a pull request, where these stand one by one on the base; null where they were squashed. */
async function beforeRebased(client: Client, repo: RepositoryName, number: number, sha: string, count: number): Promise<string | null> {
  const place = { owner: repo.owner, repo: repo.name };
  const own = (await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', { ...place, pull_number: number, per_page: 100 })).data;
  const { data } = await client.read('GET /repos/{owner}/{repo}/commits', { ...place, sha, per_page: count + 1 });
  const messages = (list: readonly { readonly commit: { readonly message: string } }[]): string => JSON.stringify(list.map((one) => one.commit.message.trim()));
  return messages(data.slice(0, count).reverse()) === messages(own) ? (data[count]?.sha ?? null) : null;
}

/** The pull requests of this repository whose merge made this very commit; none where the commit is unknown, or was pushed without one. */
export async function readMergedAs(client: Client, repo: RepositoryName, sha: string): Promise<readonly number[]> {
  const reply = await unlessUnknown(() => client.read('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { owner: repo.owner, repo: repo.name, commit_sha: sha, per_page: 100 }));
  const own = `${repo.owner}/${repo.name}`.toLowerCase();
  const merged = (reply?.data ?? []).filter((raw) => raw.merged_at !== null && raw.merge_commit_sha === sha && raw.base.repo.full_name.toLowerCase() === own);
  return merged.map((raw) => raw.number);
}

/** The name of a commit's tree; null where the commit is unknown. */
export async function readTreeName(client: Client, repo: RepositoryName, sha: string, signal?: AbortSignal): Promise<string | null> {
  const reply = await unlessUnknown(() => client.read('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { owner: repo.owner, repo: repo.name, commit_sha: sha }, signal));
  return reply?.data.tree.sha ?? null;
}

/** null for what the host does not know. */
async function unlessUnknown<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    const status = httpFailure(error instanceof BelayError ? error.cause : error)?.status;
    if (status === 404 || status === 422) return null;
    throw error;
  }
}
