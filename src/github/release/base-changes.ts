import type { RepositoryName } from '../../core/job.js';
import { allPages, type Client } from '../client.js';

/** Longer histories are not read to their end. */
const MAX_PAGES = 5;
/** Somebody chose another base, or the host did because the old one was deleted. */
const CHANGES: ReadonlySet<string> = new Set(['base_ref_changed', 'automatic_base_change_succeeded']);

/** When the base of a pull request was last changed; undefined where it never was, null where its history is too long to be read. */
export async function readBaseChange(client: Client, repo: RepositoryName, pull: number, signal: AbortSignal): Promise<string | null | undefined> {
  const { items, complete } = await allPages(
    async (page) => (await client.read('GET /repos/{owner}/{repo}/issues/{issue_number}/timeline', { owner: repo.owner, repo: repo.name, issue_number: pull, per_page: 100, page }, signal)).data,
    MAX_PAGES,
  );
  const times = items.flatMap((one) => ('event' in one && typeof one.event === 'string' && CHANGES.has(one.event) ? ['created_at' in one && typeof one.created_at === 'string' ? one.created_at : null] : []));
  if (!complete || times.includes(null)) return null;
  return times.at(-1) ?? undefined;
}
