import type { RepositoryName } from '../core/job.js';
import type { Client } from './client.js';

const COMMITS = 10;

/** The commit a branch points at now; null where there is no such branch. */
export async function readBranchTip(client: Client, repo: RepositoryName, branch: string): Promise<string | null> {
  const reply = await client.find('GET /repos/{owner}/{repo}/branches/{branch}', { owner: repo.owner, repo: repo.name, branch });
  return reply?.data.commit.sha ?? null;
}

/** Of these commits the newest that touched a file, newest first. */
export async function readCommitsTouching(client: Client, repo: RepositoryName, path: string, untilSha: string, among: ReadonlySet<string>): Promise<readonly { readonly sha: string; readonly title: string }[]> {
  const { data } = await client.read('GET /repos/{owner}/{repo}/commits', { owner: repo.owner, repo: repo.name, sha: untilSha, path, per_page: 50 });
  return data.filter((raw) => among.has(raw.sha)).slice(0, COMMITS).map((raw) => ({ sha: raw.sha, title: raw.commit.message.split('\n')[0] ?? '' }));
}

/** The first hundred paths that a pull request changes. */
export async function readChangedPaths(client: Client, repo: RepositoryName, pull: number): Promise<readonly string[]> {
  const { data } = await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', { owner: repo.owner, repo: repo.name, pull_number: pull, per_page: 100 });
  return data.flatMap((file) => [file.filename, ...(file.previous_filename === undefined ? [] : [file.previous_filename])]);
}
