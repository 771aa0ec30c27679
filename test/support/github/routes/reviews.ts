import { standComment, type Standing } from '../anchors.js';
import { diffFiles } from '../diff.js';
import { readCommits } from '../git.js';
import { reviewCommentPayload, reviewPayload } from '../payloads.js';
import { Problem, invalid, notFound, refused, unprocessable } from '../problem.js';
import { created, noContent, number, objects, ok, paginate, pullOf, route, text, under, type Answer, type Call, type Need, type Route } from '../route.js';
import type { Json, JsonObject, Pull, Review, ReviewComment } from '../world.js';
import { diffBase, quoteHunk, reactionView, reviewCommentView, reviewView } from '../views/pulls.js';
import { addReaction, appUser, inBackground, stamp } from '../doing.js';

const READ_PULLS: Need = [['pull_requests', 'read']];
const WRITE_PULLS: Need = [['pull_requests', 'write']];

/** More comments in one review were seen to be answered with a 502 after they had been posted. */
const COMMENTS_IN_A_REVIEW = 25;
const BODY_CHARACTERS = 65_536;

const STATES: Readonly<Record<string, Review['state']>> = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' };

function checkBody(resource: string, body: string | undefined): string {
  if (body === undefined || body.trim() === '') throw invalid(resource, 'body', 'missing_field', 'body is missing or blank');
  if (body.length > BODY_CHARACTERS) throw invalid(resource, 'body', 'custom', `body is too long (maximum is ${String(BODY_CHARACTERS)} characters)`);
  return body;
}

async function filesAt(call: Call, pull: Pull, commit: string): Promise<Awaited<ReturnType<typeof diffFiles>>> {
  const base = await diffBase(call.repository, pull, commit);
  if (commit !== pull.headSha) {
    const commits = await readCommits(call.repository.directory, [`${base}..${pull.headSha}`]);
    if (!commits.some((candidate) => candidate.sha === commit)) throw refusedCommit();
  }
  return diffFiles(call.repository.directory, base, commit);
}

/** A pull request moves on between reading and writing: a careful caller meets this too, so it is no violation. */
function refusedCommit(): Problem {
  return new Problem(422, 'Unprocessable Entity', { errors: ['commit_id is not part of the pull request'] });
}

async function createReview(call: Call): Promise<Answer> {
  const { world, repository, body } = call;
  const pull = pullOf(call);
  const event = text(body, 'event');
  const asked = objects(body['comments']);
  const note = text(body, 'body') ?? '';
  if (note.length > BODY_CHARACTERS) throw invalid('PullRequestReview', 'body', 'custom', `body is too long (maximum is ${String(BODY_CHARACTERS)} characters)`);
  if ((event === 'COMMENT' || event === 'REQUEST_CHANGES') && note.trim() === '' && asked.length === 0) throw unprocessable('Review body is required when there are no comments');
  if (event === 'REQUEST_CHANGES' && note.trim() === '') throw unprocessable('Review body is required to request changes');
  if (asked.length > COMMENTS_IN_A_REVIEW) throw unprocessable(`A review takes at most ${String(COMMENTS_IN_A_REVIEW)} comments`);
  const user = appUser(world);
  if (event !== undefined && event !== 'COMMENT' && user.id === pull.user.id) throw refused('Review Can not approve your own pull request');
  const pending = [...repository.reviews.values()].some((review) => review.number === pull.number && review.state === 'PENDING' && review.user.id === user.id);
  if (pending) throw unprocessable('User can only have one pending review per pull request');
  const commit = text(body, 'commit_id') ?? pull.headSha;
  const files = await filesAt(call, pull, commit);
  const standing = asked.map((comment) => standComment(files, comment));
  const objections = standing.filter((place): place is string => typeof place === 'string');
  if (objections.length > 0) throw unprocessable(...new Set(objections));
  for (const comment of asked) checkBody('PullRequestReviewComment', text(comment, 'body'));
  const review: Review = {
    id: world.nextId(),
    number: pull.number,
    user,
    body: note,
    state: event === undefined ? 'PENDING' : (STATES[event] ?? 'COMMENTED'),
    commitId: commit,
    submittedAt: event === undefined ? null : stamp(world),
  };
  repository.reviews.set(review.id, review);
  const written = standing.map((place, index) => keepComment(call, pull, review, place as Standing, asked[index] ?? {}, commit));
  if (review.state !== 'PENDING') announce(call, pull, review, written);
  return ok(reviewView(world, repository, review));
}

function announce(call: Call, pull: Pull, review: Review, comments: readonly ReviewComment[]): void {
  const { world, repository } = call;
  inBackground(world, async () => {
    await world.emit('pull_request_review', 'submitted', reviewPayload(world, repository, pull, review, review.user, 'submitted'), repository);
    for (const comment of comments) {
      await world.emit('pull_request_review_comment', 'created', await reviewCommentPayload(world, repository, pull, comment, review.user, 'created'), repository);
    }
  });
}

function keepComment(call: Call, pull: Pull, review: Review, place: Standing, asked: JsonObject, commit: string): ReviewComment {
  const { anchor, file } = place;
  const comment: ReviewComment = {
    id: call.world.nextId(),
    number: pull.number,
    reviewId: review.id,
    inReplyTo: null,
    user: review.user,
    body: text(asked, 'body') ?? '',
    path: file.path,
    subject: anchor === null ? 'file' : 'line',
    side: anchor?.side ?? 'RIGHT',
    startSide: anchor?.startSide ?? null,
    originalLine: anchor?.line ?? null,
    originalStartLine: anchor?.startLine ?? null,
    originalPosition: place.position,
    originalCommitId: commit,
    diffHunk: anchor === null ? '' : quoteHunk(file.patch ?? '', anchor.line, anchor.side),
    createdAt: stamp(call.world),
    updatedAt: stamp(call.world),
    reactions: [],
    minimized: null,
    resolved: false,
  };
  call.repository.reviewComments.set(comment.id, comment);
  return comment;
}

async function createComment(call: Call): Promise<Answer> {
  const { world, repository, body } = call;
  const pull = pullOf(call);
  checkBody('PullRequestReviewComment', text(body, 'body'));
  const inReplyTo = number(body, 'in_reply_to');
  if (inReplyTo !== undefined) return reply(call, pull, inReplyTo);
  const commit = text(body, 'commit_id') ?? '';
  const place = standComment(await filesAt(call, pull, commit), body);
  if (typeof place === 'string') throw invalid('PullRequestReviewComment', 'pull_request_review_thread.line', 'custom', `${place}: it must be part of the diff`);
  const review = newReview(call, pull, commit);
  const comment = keepComment(call, pull, review, place, body, commit);
  announce(call, pull, review, [comment]);
  return created(await reviewCommentView(world, repository, comment));
}

/** A comment outside a review gets a review of its own, with an empty body, as on GitHub. */
function newReview(call: Call, pull: Pull, commit: string): Review {
  const review: Review = { id: call.world.nextId(), number: pull.number, user: appUser(call.world), body: '', state: 'COMMENTED', commitId: commit, submittedAt: stamp(call.world) };
  call.repository.reviews.set(review.id, review);
  return review;
}

async function reply(call: Call, pull: Pull, to: number): Promise<Answer> {
  const { world, repository } = call;
  const parent = repository.reviewComments.get(to);
  if (parent === undefined || parent.number !== pull.number) throw notFound();
  const body = checkBody('PullRequestReviewComment', text(call.body, 'body'));
  const review = newReview(call, pull, parent.originalCommitId);
  const comment: ReviewComment = {
    ...parent,
    id: world.nextId(),
    reviewId: review.id,
    inReplyTo: parent.inReplyTo ?? parent.id,
    user: review.user,
    body,
    createdAt: stamp(world),
    updatedAt: stamp(world),
    reactions: [],
    minimized: null,
    resolved: false,
  };
  repository.reviewComments.set(comment.id, comment);
  announce(call, pull, review, [comment]);
  return created(await reviewCommentView(world, repository, comment));
}

function commentOf(call: Call): ReviewComment {
  const comment = call.repository.reviewComments.get(Number(call.params['comment_id']));
  if (comment === undefined) throw notFound();
  return comment;
}

function own<T extends { readonly user: { readonly id: number } }>(call: Call, thing: T): T {
  if (thing.user.id !== appUser(call.world).id) throw new Problem(403, 'Resource not accessible by integration');
  return thing;
}

async function editComment(call: Call): Promise<Answer> {
  const comment = own(call, commentOf(call));
  const before = comment.body;
  comment.body = checkBody('PullRequestReviewComment', text(call.body, 'body'));
  comment.updatedAt = stamp(call.world);
  const { world, repository } = call;
  const pull = repository.pulls.get(comment.number);
  inBackground(world, async () => {
    if (pull === undefined) return;
    const payload = await reviewCommentPayload(world, repository, pull, comment, comment.user, 'edited', { changes: { body: { from: before } } });
    await world.emit('pull_request_review_comment', 'edited', payload, repository);
  });
  return ok(await reviewCommentView(world, repository, comment));
}

async function commentPage(call: Call, comments: readonly ReviewComment[], path: string): Promise<Answer> {
  const sort = call.query.get('sort');
  const since = call.query.get('since');
  const kept = comments.filter((comment) => since === null || Date.parse(comment.updatedAt) >= Date.parse(since));
  const ordered = sort === null ? kept : [...kept].sort((one, other) => (sort === 'updated' ? one.updatedAt.localeCompare(other.updatedAt) : one.id - other.id));
  if (sort !== null && call.query.get('direction') !== 'asc') ordered.reverse();
  const views: Json[] = [];
  for (const comment of ordered) views.push(await reviewCommentView(call.world, call.repository, comment));
  return paginate(call, under(call, path), views);
}

function reviewOf(call: Call): Review {
  const review = call.repository.reviews.get(Number(call.params['review_id']));
  if (review === undefined || review.number !== pullOf(call).number) throw notFound();
  return review;
}

const PULL = '/repos/{owner}/{repo}/pulls/{pull_number}';
const COMMENT = '/repos/{owner}/{repo}/pulls/comments/{comment_id}';

/** Endpoints of reviews and their comments. */
export const reviewRoutes: readonly Route[] = [
  route('GET', '/repos/{owner}/{repo}/pulls/comments', READ_PULLS, (call) => commentPage(call, [...call.repository.reviewComments.values()], '/pulls/comments')),
  route('GET', COMMENT, READ_PULLS, async (call) => ok(await reviewCommentView(call.world, call.repository, commentOf(call)))),
  route('PATCH', COMMENT, WRITE_PULLS, editComment),
  route('DELETE', COMMENT, WRITE_PULLS, (call) => {
    call.repository.reviewComments.delete(own(call, commentOf(call)).id);
    return noContent();
  }),
  route('GET', `${COMMENT}/reactions`, READ_PULLS, (call) =>
    paginate(call, under(call, `/pulls/comments/${String(commentOf(call).id)}/reactions`), commentOf(call).reactions.map((reaction) => reactionView(call.world, reaction))),
  ),
  route('POST', `${COMMENT}/reactions`, WRITE_PULLS, (call) => addReaction(call, commentOf(call).reactions)),
  route('GET', `${PULL}/reviews`, READ_PULLS, (call) => {
    const { number: pull } = pullOf(call);
    const reviews = [...call.repository.reviews.values()].filter((review) => review.number === pull);
    return paginate(call, under(call, `/pulls/${String(pull)}/reviews`), reviews.map((review) => reviewView(call.world, call.repository, review)));
  }),
  route('POST', `${PULL}/reviews`, WRITE_PULLS, createReview),
  route('GET', `${PULL}/reviews/{review_id}`, READ_PULLS, (call) => ok(reviewView(call.world, call.repository, reviewOf(call)))),
  route('PUT', `${PULL}/reviews/{review_id}`, WRITE_PULLS, (call) => {
    const review = own(call, reviewOf(call));
    review.body = checkBody('PullRequestReview', text(call.body, 'body'));
    return ok(reviewView(call.world, call.repository, review));
  }),
  route('GET', `${PULL}/reviews/{review_id}/comments`, READ_PULLS, (call) => {
    const review = reviewOf(call);
    const comments = [...call.repository.reviewComments.values()].filter((comment) => comment.reviewId === review.id);
    return commentPage(call, comments, `/pulls/${String(review.number)}/reviews/${String(review.id)}/comments`);
  }),
  route('GET', `${PULL}/comments`, READ_PULLS, (call) => {
    const { number: pull } = pullOf(call);
    const comments = [...call.repository.reviewComments.values()].filter((comment) => comment.number === pull);
    return commentPage(call, comments, `/pulls/${String(pull)}/comments`);
  }),
  route('POST', `${PULL}/comments`, WRITE_PULLS, createComment),
  route('POST', `${PULL}/comments/{comment_id}/replies`, WRITE_PULLS, (call) => reply(call, pullOf(call), Number(call.params['comment_id']))),
];
