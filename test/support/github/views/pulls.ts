import { diffFiles, moveLine, readHunks, findLine } from '../diff.js';
import { mergeBase, gitText } from '../git.js';
import type { IssueComment, JsonObject, Pull, Reaction, Repository, Review, ReviewComment, World } from '../world.js';
import { appView, associationOf, nodeId, userView } from './people.js';
import { labelView, repositoryPage, repositoryUrl, repositoryView } from './repository.js';

/** The commit a pull request's diff starts at: the merge base of its head and the base branch's tip. */
export async function diffBase(repository: Repository, pull: Pull, head: string = pull.headSha): Promise<string> {
  const tip = pull.merged ? pull.baseSha : await baseTip(repository, pull);
  return (await mergeBase(repository.directory, tip, head)) ?? tip;
}

export async function baseTip(repository: Repository, pull: Pull): Promise<string> {
  return gitText(repository.directory, ['rev-parse', '--verify', `refs/heads/${pull.baseRef}`]).catch(() => pull.baseSha);
}

/** A pull request as lists show it. */
export function simplePullView(world: World, repository: Repository, pull: Pull): JsonObject {
  const url = `${repositoryUrl(world, repository)}/pulls/${String(pull.number)}`;
  const issue = `${repositoryUrl(world, repository)}/issues/${String(pull.number)}`;
  const page = `${repositoryPage(world, repository)}/pull/${String(pull.number)}`;
  const statuses = `${repositoryUrl(world, repository)}/statuses/${pull.headSha}`;
  const link = (href: string): JsonObject => ({ href });
  const side = (owner: Repository | null, ref: string, sha: string): JsonObject => ({
    label: `${(owner ?? pull.headRepository).owner.login}:${ref}`,
    ref,
    sha,
    user: userView(world, (owner ?? pull.headRepository).owner),
    repo: owner === null ? null : repositoryView(world, owner),
  });
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userView(world, pull.user),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [...pull.labels].map((name) => labelView(world, repository, name)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(world, repository)}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    head: side(pull.headRepositoryDeleted ? null : pull.headRepository, pull.headRef, pull.headSha),
    base: side(repository, pull.baseRef, pull.baseSha),
    _links: {
      self: link(url),
      html: link(page),
      issue: link(issue),
      comments: link(`${issue}/comments`),
      review_comments: link(`${url}/comments`),
      review_comment: link(`${repositoryUrl(world, repository)}/pulls/comments{/number}`),
      commits: link(`${url}/commits`),
      statuses: link(statuses),
    },
    author_association: associationOf(pull.user, repository),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A pull request as `GET /pulls/{number}` and the webhooks show it. */
export async function pullView(world: World, repository: Repository, pull: Pull): Promise<JsonObject> {
  const base = await diffBase(repository, pull);
  const [files, commits] = await Promise.all([
    diffFiles(repository.directory, base, pull.headSha),
    gitText(repository.directory, ['rev-list', '--count', `${base}..${pull.headSha}`]),
  ]);
  const comments = [...repository.comments.values()].filter((comment) => comment.number === pull.number).length;
  const reviewComments = [...repository.reviewComments.values()].filter((comment) => comment.number === pull.number).length;
  const mergeable = pull.state === 'open' ? pull.mergeCommitSha !== null : null;
  return {
    ...simplePullView(world, repository, pull),
    merged: pull.merged,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: pull.state !== 'open' ? 'unknown' : pull.draft ? 'draft' : mergeable === true ? 'clean' : 'dirty',
    merged_by: pull.mergedBy === null ? null : userView(world, pull.mergedBy),
    comments,
    review_comments: reviewComments,
    maintainer_can_modify: false,
    commits: Number(commits),
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** The short form inside check runs and suites. */
export function minimalPullView(world: World, repository: Repository, pull: Pull): JsonObject {
  const side = (owner: Repository, ref: string, sha: string): JsonObject => ({
    ref,
    sha,
    repo: { id: owner.id, url: repositoryUrl(world, owner), name: owner.name },
  });
  return {
    id: pull.id,
    number: pull.number,
    url: `${repositoryUrl(world, repository)}/pulls/${String(pull.number)}`,
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(repository, pull.baseRef, pull.baseSha),
  };
}

/** A pull request as an issue: what the issue endpoints and `issue_comment` webhooks show. */
export function issueView(world: World, repository: Repository, number: number): JsonObject {
  const issue = repository.pulls.get(number) ?? repository.issues.get(number);
  if (issue === undefined) throw new Error(`no issue ${String(number)}`);
  const pull = repository.pulls.get(number) ?? null;
  const url = `${repositoryUrl(world, repository)}/issues/${String(number)}`;
  const page = `${repositoryPage(world, repository)}/${pull === null ? 'issues' : 'pull'}/${String(number)}`;
  return {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: nodeId(pull === null ? 'I' : 'PR', issue.id),
    number,
    title: issue.title,
    user: userView(world, issue.user),
    labels: [...issue.labels].map((name) => labelView(world, repository, name)),
    state: issue.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: [...repository.comments.values()].filter((comment) => comment.number === number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(issue.user, repository),
    active_lock_reason: null,
    ...(pull === null ? {} : { draft: pull.draft, pull_request: pullLinks(world, repository, pull) }),
    body: issue.body,
    reactions: reactionsView([], `${url}/reactions`),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
  };
}

function pullLinks(world: World, repository: Repository, pull: Pull): JsonObject {
  const page = `${repositoryPage(world, repository)}/pull/${String(pull.number)}`;
  const url = `${repositoryUrl(world, repository)}/pulls/${String(pull.number)}`;
  return { url, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch`, merged_at: pull.mergedAt };
}

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

export function reactionsView(reactions: readonly Reaction[], url: string): JsonObject {
  return {
    url,
    total_count: reactions.length,
    ...Object.fromEntries(REACTIONS.map((content) => [content, reactions.filter((reaction) => reaction.content === content).length])),
  };
}

export function reactionView(world: World, reaction: Reaction): JsonObject {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: userView(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export function commentView(world: World, repository: Repository, comment: IssueComment): JsonObject {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${String(comment.id)}`;
  const kind = repository.pulls.has(comment.number) ? 'pull' : 'issues';
  return {
    url,
    html_url: `${repositoryPage(world, repository)}/${kind}/${String(comment.number)}#issuecomment-${String(comment.id)}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${String(comment.number)}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userView(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(comment.user, repository),
    body: comment.body,
    reactions: reactionsView(comment.reactions, `${url}/reactions`),
    performed_via_github_app: comment.byApp ? appView(world) : null,
  };
}

export function reviewView(world: World, repository: Repository, review: Review): JsonObject {
  const pull = `${repositoryUrl(world, repository)}/pulls/${String(review.number)}`;
  const page = `${repositoryPage(world, repository)}/pull/${String(review.number)}#pullrequestreview-${String(review.id)}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userView(world, review.user),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pull,
    author_association: associationOf(review.user, repository),
    _links: { html: { href: page }, pull_request: { href: pull } },
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

/** A review comment where it stands today: its line follows the code and is null once that line was changed. */
export async function reviewCommentView(world: World, repository: Repository, comment: ReviewComment): Promise<JsonObject> {
  const pull = repository.pulls.get(comment.number);
  if (pull === undefined) throw new Error(`no pull request ${String(comment.number)}`);
  const place = await placeNow(repository, pull, comment);
  const url = `${repositoryUrl(world, repository)}/pulls/comments/${String(comment.id)}`;
  const pullUrl = `${repositoryUrl(world, repository)}/pulls/${String(comment.number)}`;
  const page = `${repositoryPage(world, repository)}/pull/${String(comment.number)}#discussion_r${String(comment.id)}`;
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: place.current ? pull.headSha : comment.originalCommitId,
    original_commit_id: comment.originalCommitId,
    user: userView(world, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: associationOf(comment.user, repository),
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl } },
    reactions: reactionsView(comment.reactions, `${url}/reactions`),
    start_line: place.startLine,
    original_start_line: comment.originalStartLine,
    start_side: comment.startSide,
    line: place.line,
    original_line: comment.originalLine,
    side: comment.side,
    original_position: comment.originalPosition,
    position: place.position,
    subject_type: comment.subject,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
  };
}

interface Place {
  readonly current: boolean;
  readonly line: number | null;
  readonly startLine: number | null;
  readonly position: number | null;
}

const OUTDATED: Place = { current: false, line: null, startLine: null, position: null };

async function placeNow(repository: Repository, pull: Pull, comment: ReviewComment): Promise<Place> {
  const files = await diffFiles(repository.directory, await diffBase(repository, pull), pull.headSha);
  const file = files.find((candidate) => candidate.path === comment.path || candidate.previousPath === comment.path);
  if (comment.subject === 'file') return { ...OUTDATED, current: file !== undefined, position: file === undefined ? null : 1 };
  if (file?.patch === undefined || file.patch === null || comment.originalLine === null) return OUTDATED;
  const between = comment.side === 'RIGHT' ? await changedBetween(repository, comment, pull.headSha) : null;
  const line = moveLine(between, comment.originalLine);
  const startLine = comment.originalStartLine === null ? null : moveLine(between, comment.originalStartLine);
  if (line === null || (comment.originalStartLine !== null && startLine === null)) return OUTDATED;
  const found = findLine(file.patch, comment.side, line);
  if (found === null) return OUTDATED;
  return { current: true, line, startLine, position: found.hunk.lines[found.index]?.position ?? null };
}

async function changedBetween(repository: Repository, comment: ReviewComment, head: string): Promise<string | null> {
  if (comment.originalCommitId === head) return null;
  const files = await diffFiles(repository.directory, comment.originalCommitId, head);
  return files.find((file) => file.path === comment.path || file.previousPath === comment.path)?.patch ?? null;
}

/** The part of a hunk GitHub quotes above a comment: from the hunk's header down to the commented line. */
export function quoteHunk(patch: string, line: number, side: 'LEFT' | 'RIGHT'): string {
  const found = findLine(patch, side, line);
  if (found === null) return readHunks(patch)[0]?.header ?? '';
  return [found.hunk.header, ...found.hunk.lines.slice(0, found.index + 1).map((entry) => entry.text)].join('\n');
}
