import type { Permission } from '../../core/config.js';
import type { RepositoryName } from '../../core/job.js';
import type { PullReview } from '../../core/release-evidence.js';
import { allPages, type Client } from '../client.js';
import { readPermission } from '../people.js';

const MAX_REVIEW_PAGES = 10;
/** Permissions that are looked up for one pull request. */
const MAX_APPROVERS = 10;

const STATES: ReadonlyMap<string, PullReview['state']> = new Map([
  ['APPROVED', 'approved'],
  ['CHANGES_REQUESTED', 'changes-requested'],
  ['COMMENTED', 'commented'],
  ['DISMISSED', 'dismissed'],
]);

/** The submitted reviews of a pull request, oldest first. What an approver of this head may do in the repository is asked. */
export async function readReviews(client: Client, repo: RepositoryName, pull: number, headSha: string, signal: AbortSignal): Promise<readonly PullReview[] | null> {
  const { items, complete } = await allPages(
    async (page) => (await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { owner: repo.owner, repo: repo.name, pull_number: pull, per_page: 100, page }, signal)).data,
    MAX_REVIEW_PAGES,
  );
  // What is missing could take an approval back.
  if (!complete) return null;
  const reviews = items.flatMap((raw): readonly PullReview[] => {
    const state = STATES.get(raw.state.toUpperCase());
    if (state === undefined || typeof raw.submitted_at !== 'string') return [];
    const login = raw.user?.login.toLowerCase() ?? '';
    return [{ login, bot: login.endsWith('[bot]') || (raw.user !== null && raw.user.type !== 'User'), state, sha: raw.commit_id, at: raw.submitted_at }];
  });
  const approvers = [...new Set(reviews.filter((one) => one.state === 'approved' && !one.bot && one.login !== '' && one.sha === headSha).map((one) => one.login))];
  const permissions = new Map<string, Permission>();
  for (const login of approvers.slice(0, MAX_APPROVERS)) permissions.set(login, await readPermission(client, repo, login));
  return reviews.map((one) => ({ ...one, permission: permissions.get(one.login) ?? null }));
}
