import { BelayError } from '../core/errors.js';
import { readMarker } from '../core/marker.js';
import type { EditIssueWrite, IssueWrite, PublishedIssue } from '../core/publication.js';
import type { Carrier } from './carrier.js';
import { allPages } from './client.js';
import { httpFailure } from './failures.js';
import { sendOnce } from './send-once.js';

/** Our issues of one repository that are looked through for a marker, a hundred a page. */
const MAX_ISSUE_PAGES = 5;

type IssueReader = Pick<Carrier, 'issueClient' | 'repo' | 'identity' | 'markerKeys'>;

/** Our own issue about a pull request with this key; null where there is none, or issues are out of reach. */
export async function readOwnIssue(reader: IssueReader, pull: number, key: string): Promise<PublishedIssue | null> {
  try {
    return await findOwnIssue(reader, pull, key);
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

async function findOwnIssue({ issueClient, repo, identity, markerKeys }: IssueReader, pull: number, key: string): Promise<PublishedIssue | null> {
  const { login } = await identity();
  const { items } = await allPages(
    async (page) => (await issueClient.read('GET /repos/{owner}/{repo}/issues', { owner: repo.owner, repo: repo.name, creator: login, state: 'all', per_page: 100, page })).data,
    MAX_ISSUE_PAGES,
  );
  for (const raw of items) {
    const marker = raw.user?.login === login ? readMarker(raw.body ?? '', { repo, pull }, markerKeys) : null;
    if (marker?.kind === 'issue' && marker.key === key) return { number: raw.number, state: raw.state === 'closed' ? 'closed' : 'open', body: raw.body ?? '' };
  }
  return null;
}

/** Opens an issue unless one with this key stands. Where issues are turned off or not granted, nothing is lost: the pull request itself says so. */
export async function carryOutIssue(carrier: Carrier, write: IssueWrite, signal: AbortSignal): Promise<void> {
  const { owner, name: repo } = carrier.repo;
  await unlessOutOfReach(carrier, async () => {
    await carrier.exclusively(`${owner}/${repo} issue ${write.key}`.toLowerCase(), async () => {
      if ((await readOwnIssue(carrier, write.pull, write.key)) !== null) return;
      await carrier.pace(`${owner}/${repo} content`, signal);
      await sendOnce(
        carrier,
        () => carrier.issueClient.write('POST /repos/{owner}/{repo}/issues', { owner, repo, title: write.title, body: write.body }, signal),
        () => readOwnIssue(carrier, write.pull, write.key),
        signal,
      );
    });
  });
}

/** Edits our own issue. Sending it twice is harmless. */
export async function carryOutIssueEdit(carrier: Carrier, write: EditIssueWrite, signal: AbortSignal): Promise<void> {
  const { owner, name: repo } = carrier.repo;
  await unlessOutOfReach(carrier, async () => {
    await carrier.pace(`${owner}/${repo} content`, signal);
    await sendOnce(
      carrier,
      () => carrier.issueClient.write('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { owner, repo, issue_number: write.issue, body: write.body }, signal),
      () => Promise.resolve(null),
      signal,
    );
  });
}

/** 403: not granted; 404: deleted; 410: the repository has no issues. */
const OUT_OF_REACH: ReadonlySet<number | undefined> = new Set([403, 404, 410]);

function isOutOfReach(error: unknown): error is BelayError {
  return error instanceof BelayError && error.retryAfter === null && OUT_OF_REACH.has(httpFailure(error.cause)?.status);
}

async function unlessOutOfReach(carrier: Carrier, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    carrier.log.warn({ error: error.message }, 'a follow-up issue could not be written');
  }
}
