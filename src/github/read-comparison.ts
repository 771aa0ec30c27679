import type { RepositoryName } from '../core/job.js';
import { allPages, type Client } from './client.js';

/** A commit as the host names it; the logins are null where no account goes with the address. */
export interface ReadCommit {
  readonly sha: string;
  readonly message: string;
  readonly author: string | null;
  readonly committer: string | null;
}

export type FileStatus = 'added' | 'removed' | 'modified' | 'renamed';

/** One entry of a diff as the host lists it. */
export interface ListedFile {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: FileStatus;
  /** The file's blob (a removed file's: the old one); a submodule's commit. */
  readonly sha: string | null;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for binary and for large files. */
  readonly patch: string | null;
  /** A commit of another repository, where the host says so outside the patch. */
  readonly submodule?: true;
}

export interface Comparison {
  readonly baseSha: string;
  readonly mergeBaseSha: string;
  /** Oldest first. */
  readonly commits: readonly ReadCommit[];
  readonly commitsComplete: boolean;
  readonly files: readonly ListedFile[];
  /** How many files the host listed, 300 at most; null when it listed none at all. */
  readonly listedCount: number | null;
}

/** A comparison that lists this many files may have left some out. */
export const MAX_COMPARED_FILES = 300;
const MAX_COMMIT_PAGES = 10;
/** The host lists 3,000 files of a pull request at most. */
const MAX_FILE_PAGES = 30;

interface RawFile {
  readonly filename: string;
  readonly previous_filename?: string | undefined;
  readonly status: string;
  readonly sha: string | null;
  readonly additions: number;
  readonly deletions: number;
  readonly patch?: string | undefined;
}

/** Compares a base (branch or commit) with a head through their merge base: the first page of files, all commits. */
export async function readComparison(client: Client, repo: RepositoryName, base: string, head: string, signal?: AbortSignal): Promise<Comparison> {
  const page = async (number: number) =>
    (await client.read('GET /repos/{owner}/{repo}/compare/{basehead}', { owner: repo.owner, repo: repo.name, basehead: `${base}...${head}`, per_page: 100, page: number }, signal)).data;
  const first = await page(1);
  const commits = [...first.commits];
  for (let number = 2; number <= MAX_COMMIT_PAGES && commits.length < first.total_commits; number += 1) {
    const more = (await page(number)).commits;
    if (more.length === 0) break;
    commits.push(...more);
  }
  const files = first.files ?? [];
  return {
    baseSha: first.base_commit.sha,
    mergeBaseSha: first.merge_base_commit.sha,
    commits: commits.map((one) => ({ sha: one.sha, message: one.commit.message, author: loginOf(one.author), committer: loginOf(one.committer) })),
    commitsComplete: commits.length >= first.total_commits,
    files: files.flatMap(listed),
    listedCount: first.files?.length ?? null,
  };
}

/** All files of a pull request that the host lists, with everything it says of them. */
export async function readPullFiles(client: Client, repo: RepositoryName, pull: number, signal?: AbortSignal): Promise<{ readonly files: readonly ListedFile[]; readonly listedCount: number }> {
  const { items } = await allPages<RawFile>(
    async (page) => (await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', { owner: repo.owner, repo: repo.name, pull_number: pull, per_page: 100, page }, signal)).data,
    MAX_FILE_PAGES,
  );
  return { files: items.flatMap(listed), listedCount: items.length };
}

function listed(file: RawFile): readonly ListedFile[] {
  if (file.status === 'unchanged') return [];
  const status: FileStatus = file.status === 'added' || file.status === 'copied' ? 'added' : file.status === 'removed' || file.status === 'renamed' ? file.status : 'modified';
  return [
    {
      path: file.filename,
      previousPath: status === 'renamed' ? (file.previous_filename ?? null) : null,
      status,
      sha: file.sha,
      additions: file.additions,
      deletions: file.deletions,
      patch: file.patch ?? null,
    },
  ];
}

/** An author is an account, an empty object or nothing. */
function loginOf(account: object | null | undefined): string | null {
  return account !== null && account !== undefined && 'login' in account && typeof account.login === 'string' ? account.login : null;
}
