import { BelayError } from '../core/errors.js';
import type { EditCommentWrite, FileCommentWrite, ReactionWrite, ReplyWrite, ReviewComment, ReviewWrite } from '../core/publication.js';
import type { Carrier } from './carrier.js';
import { httpFailure } from './failures.js';
import { readComments, readReplyKeys } from './published.js';
import { sendOnce } from './send-once.js';

/** Posts the comments that do not stand yet as one review. Where the host does not take an anchor, they go on their files. */
export async function carryOutReview(carrier: Carrier, write: ReviewWrite, signal: AbortSignal): Promise<void> {
  const standing = carrier.memory.comments.get(write.pull) ?? (await readFingerprints(carrier, write.pull));
  const comments = write.comments.filter((comment) => !standing.has(comment.fingerprint));
  if (comments.length === 0) return;
  const { owner, name: repo } = carrier.repo;
  const parameters = { owner, repo, pull_number: write.pull, commit_id: write.headSha, event: 'COMMENT' as const, body: write.body, comments: comments.map(commentFields) };
  await carrier.pace(`${owner}/${repo} content`, signal);
  try {
    await sendOnce(
      carrier,
      () => carrier.client.write('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', parameters, signal),
      async () => {
        const now = await readFingerprints(carrier, write.pull);
        return comments.every((comment) => now.has(comment.fingerprint)) ? true : null;
      },
      signal,
    );
  } catch (error) {
    if (!isBadAnchor(error)) throw error;
    carrier.log.warn({ pull: write.pull, error: (error as Error).message }, 'the host refused an anchor: commenting on files instead');
    for (const { fingerprint, path, body } of comments) await carryOutFileComment(carrier, { kind: 'file-comment', pull: write.pull, headSha: write.headSha, fingerprint, path, body }, signal);
    return;
  }
  for (const comment of comments) standing.add(comment.fingerprint);
}

async function readFingerprints(carrier: Carrier, pull: number): Promise<Set<string>> {
  const known = new Set((await readComments(carrier, pull)).map((comment) => comment.fingerprint));
  carrier.memory.comments.set(pull, known);
  return known;
}

function commentFields({ path, startLine, line, body }: ReviewComment): { path: string; body: string; line: number; side: string; start_line?: number; start_side?: string } {
  return { path, body, line, side: 'RIGHT', ...(startLine === null ? {} : { start_line: startLine, start_side: 'RIGHT' }) };
}

function isBadAnchor(error: unknown): boolean {
  const failure = httpFailure(error instanceof BelayError ? error.cause : error);
  return failure?.status === 422 && /could not be resolved|part of the diff|diff.?hunk|same hunk/i.test(`${failure.message} ${JSON.stringify(failure.data ?? null)}`);
}

/** Posts a comment on a file, unless one with this fingerprint stands already. */
export async function carryOutFileComment(carrier: Carrier, write: FileCommentWrite, signal: AbortSignal): Promise<void> {
  const standing = carrier.memory.comments.get(write.pull) ?? (await readFingerprints(carrier, write.pull));
  if (standing.has(write.fingerprint)) return;
  const { owner, name: repo } = carrier.repo;
  await carrier.pace(`${owner}/${repo} content`, signal);
  await sendOnce(
    carrier,
    () => carrier.client.write('POST /repos/{owner}/{repo}/pulls/{pull_number}/comments', { owner, repo, pull_number: write.pull, commit_id: write.headSha, path: write.path, body: write.body, subject_type: 'file' }, signal),
    async () => ((await readFingerprints(carrier, write.pull)).has(write.fingerprint) ? true : null),
    signal,
  );
  standing.add(write.fingerprint);
  carrier.memory.comments.get(write.pull)?.add(write.fingerprint);
}

/** Edits our own comment. Sending it twice is harmless; one that somebody deleted is left alone. */
export async function carryOutEdit(carrier: Carrier, write: EditCommentWrite, signal: AbortSignal): Promise<void> {
  const { owner, name: repo } = carrier.repo;
  await carrier.pace(`${owner}/${repo} content`, signal);
  await unlessGone(() =>
    sendOnce(
      carrier,
      () => carrier.client.write('PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}', { owner, repo, comment_id: write.commentId, body: write.body }, signal),
      () => Promise.resolve(null),
      signal,
    ),
  );
}

/** Answers in the conversation, unless an answer with this key stands there. */
export async function carryOutReply(carrier: Carrier, write: ReplyWrite, signal: AbortSignal): Promise<void> {
  const look = async (): Promise<Set<string>> => {
    const known = new Set(await readReplyKeys(carrier, write.pull));
    carrier.memory.replies.set(write.pull, known);
    return known;
  };
  const standing = carrier.memory.replies.get(write.pull) ?? (await look());
  if (standing.has(write.key)) return;
  const { owner, name: repo } = carrier.repo;
  await carrier.pace(`${owner}/${repo} content`, signal);
  await sendOnce(
    carrier,
    () => carrier.client.write('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { owner, repo, issue_number: write.pull, body: write.body }, signal),
    async () => ((await look()).has(write.key) ? true : null),
    signal,
  );
  carrier.memory.replies.get(write.pull)?.add(write.key);
}

/**
 * Reacts to a comment. The host keeps one reaction of a kind per account, so sending it twice is harmless. Where the
 * installation may not react, nothing is lost: the answer itself is a reply or a check run.
 */
export async function carryOutReaction(carrier: Carrier, write: ReactionWrite, signal: AbortSignal): Promise<void> {
  const { owner, name: repo } = carrier.repo;
  try {
    await unlessGone(() =>
      sendOnce(
        carrier,
        () => carrier.client.write('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', { owner, repo, comment_id: write.commentId, content: write.content }, signal),
        () => Promise.resolve(null),
        signal,
      ),
    );
  } catch (error) {
    if (!isForbidden(error)) throw error;
    carrier.log.warn({ commentId: write.commentId, error: error.message }, 'the installation may not react to comments');
  }
}

/** Refused for want of a permission; a limit, which passes, names the time to come back. */
function isForbidden(error: unknown): error is BelayError {
  return error instanceof BelayError && error.retryAfter == null && httpFailure(error.cause)?.status === 403;
}

/** A comment that was deleted meanwhile needs nothing any more. */
async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (httpFailure(error instanceof BelayError ? error.cause : error)?.status !== 404) throw error;
  }
}
