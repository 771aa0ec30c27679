import { assistantByLogin } from '../core/assistants.js';
import type { Permission } from '../core/config.js';
import type { PullReview, ReleaseEvidence } from '../core/release-evidence.js';

/** What is asked about: the pull request's own author, and the commit that is going to be merged. */
export interface ApprovedChange {
  readonly author: string;
  readonly headSha: string;
}

/** Whether a second person approved; `why` says in whole clauses what keeps each approval from counting. */
export type SecondPerson =
  | { readonly shown: true; readonly by: string }
  | { readonly shown: false; readonly reason: 'nobody' | 'not-counted' | 'unknown'; readonly why: readonly string[] };

const WRITES: ReadonlySet<Permission> = new Set<Permission>(['write', 'maintain', 'admin']);

/**
 * Whether somebody approved exactly this commit who is a human, may write here, and authored, committed, co-authored and pushed none
 * of it. Only the newest decision of each person counts, and only when it was made after the last push and after the
 * last change of the base. What is not known never
 * counts in favour: where nobody can say who wrote or pushed, no approval is shown to be a second person's. null where the host
 * was not asked for reviews.
 */
export function secondPerson(release: ReleaseEvidence, change: ApprovedChange): SecondPerson | null {
  if (release.reviews === null) return null;
  const approvals = latestDecisions(release.reviews).filter((review) => review.state === 'approved');
  if (approvals.length === 0) return { shown: false, reason: 'nobody', why: [] };
  const judged = approvals.map((approval) => ({ approval, against: whatSpeaksAgainst(approval, release, change) }));
  const fitting = judged.find(({ against }) => against === null);
  if (fitting === undefined) return { shown: false, reason: 'not-counted', why: judged.flatMap(({ against }) => against ?? []) };
  const unknown = whatIsUnknown(release);
  return unknown.length > 0 ? { shown: false, reason: 'unknown', why: unknown } : { shown: true, by: fitting.approval.login };
}

/** Of each person the newest approval, request for changes, or one of these that was dismissed. A comment decides nothing. */
function latestDecisions(reviews: readonly PullReview[]): readonly PullReview[] {
  const latest = new Map<string, PullReview>();
  for (const review of reviews) {
    if (review.state === 'commented') continue;
    const login = review.login.toLowerCase();
    const before = latest.get(login);
    if (before === undefined || !(Date.parse(review.at) < Date.parse(before.at))) latest.set(login, { ...review, login });
  }
  return [...latest.values()];
}

/** The first thing that keeps an approval from counting, as a clause; null when nothing does. */
function whatSpeaksAgainst(approval: PullReview, release: ReleaseEvidence, { author, headSha }: ApprovedChange): string | null {
  const { login } = approval;
  if (login === '') return 'an account that no longer exists approved';
  if (approval.bot || isAutomatic(login)) return `${login} approved, and is a bot`;
  if (login === author.toLowerCase()) return `${login} approved, and opened this pull request`;
  if (has(release.authors, login)) return `${login} approved, and wrote part of it`;
  if (release.lastPush.by?.toLowerCase() === login) return `${login} approved, and pushed the last commit`;
  if (has(release.pushers, login)) return `${login} approved, and pushed to the branch`;
  if (approval.sha !== headSha) return `${login} approved ${approval.sha === null ? 'another commit' : approval.sha.slice(0, 7)}, and the head is ${headSha.slice(0, 7)}`;
  const { at } = release.lastPush;
  if (at !== null && !(Date.parse(approval.at) > Date.parse(at))) return `${login} approved before the last push`;
  if (typeof release.baseChangedAt === 'string' && !(Date.parse(approval.at) > Date.parse(release.baseChangedAt))) return `${login} approved before the base branch was changed`;
  if (!Number.isFinite(Date.parse(approval.at))) return `nobody knows when ${login} approved`;
  if (approval.permission !== undefined && approval.permission !== null && !WRITES.has(approval.permission)) return `${login} approved, and has no write access to this repository`;
  return null;
}

/** What has to be known before an approval can be anybody's second look. */
function whatIsUnknown({ lastPush, authors, unknownAuthors, baseChangedAt }: ReleaseEvidence): readonly string[] {
  return [
    ...(lastPush.by === null ? ['who pushed the last commit is not known'] : []),
    ...(lastPush.at === null || !Number.isFinite(Date.parse(lastPush.at)) ? ['when the last commit was pushed is not known'] : []),
    ...(baseChangedAt === null ? ['whether the base branch was changed after the approval is not known'] : []),
    ...(authors === null || unknownAuthors ? ['a commit or a co-author of it belongs to no known account'] : []),
  ];
}

/** Assistants, Apps, and machine users that say so in their name. */
function isAutomatic(login: string): boolean {
  return login.endsWith('[bot]') || /[-_]bot$|^bot[-_]/.test(login) || assistantByLogin(login) !== null;
}

function has(logins: ReadonlySet<string> | null, login: string): boolean {
  for (const one of logins ?? []) if (one.toLowerCase() === login) return true;
  return false;
}
