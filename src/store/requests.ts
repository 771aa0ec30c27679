import { jobKey } from '../core/job-key.js';
import type { Trigger } from '../core/job.js';
import type { CommandRequest, ReviewRequest } from '../core/records.js';
import type { Sql } from '../core/store.js';
import { storable } from './storable.js';

/** What waits on one key, in the order of arrival. */
export interface Pending {
  readonly reviews: readonly ReviewRequest[];
  readonly commands: readonly CommandRequest[];
}

/**
 * Adds requests that are not there yet (by id; a command also by its comment) and answers the keys of those that were new.
 * Takes part in a transaction of the caller's. A command that names no head is bound to the newest one that was known of its
 * pull request before: what is pushed afterwards was not seen by whoever wrote it.
 */
export async function addRequests(
  sql: Sql,
  { reviews, commands }: { readonly reviews: readonly ReviewRequest[]; readonly commands: readonly CommandRequest[] },
): Promise<readonly string[]> {
  const rows = [...reviews.map(rowOfReview), ...commands.map(rowOfCommand)];
  if (rows.length === 0) return [];
  const added = await sql.query<{ key: string }>(
    `INSERT INTO belay.requests (id, kind, key, owner, name, pull, head_sha, trigger, delivery, base_sha, base_branch, comment_id, author, author_is_bot, body, received_at)
     SELECT id, kind, key, owner, name, pull, coalesce(head_sha, CASE WHEN kind = 'command' THEN (
       SELECT earlier.head_sha FROM belay.requests AS earlier
       WHERE earlier.key = row.key AND earlier.kind = 'review' AND earlier.head_sha IS NOT NULL ORDER BY earlier.received_at DESC LIMIT 1
     ) END), trigger, delivery, base_sha, base_branch, comment_id, author, author_is_bot, body,
       -- The embedded clock ticks in milliseconds; the order in which they came has to survive that.
       clock_timestamp() + position * interval '1 microsecond'
     FROM jsonb_to_recordset($1::jsonb) AS row (
       position integer, id text, kind text, key text, owner text, name text, pull integer, head_sha text, trigger text, delivery text,
       base_sha text, base_branch text, comment_id bigint, author text, author_is_bot boolean, body text)
     ORDER BY position
     ON CONFLICT DO NOTHING
     RETURNING key`,
    [JSON.stringify(rows.map((row, position) => ({ position, ...row })), storableValue)],
  );
  return [...new Set(added.map(({ key }) => key))].sort();
}

function storableValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? storable(value) : value;
}

function rowOfReview(request: ReviewRequest): object {
  const { repo, pull, headSha } = request;
  return {
    ...{ id: request.id, kind: 'review', key: jobKey(repo, pull, headSha), owner: repo.owner, name: repo.name, pull, head_sha: headSha },
    ...{ trigger: request.trigger, delivery: request.delivery, base_sha: request.baseSha ?? null, base_branch: request.baseBranch ?? null },
  };
}

function rowOfCommand(request: CommandRequest): object {
  const { repo, pull, headSha } = request;
  return {
    ...{ id: request.id, kind: 'command', key: jobKey(repo, pull, null), owner: repo.owner, name: repo.name, pull, head_sha: headSha },
    ...{ delivery: request.delivery, comment_id: request.commentId, author: request.author, author_is_bot: request.authorIsBot, body: request.body },
  };
}

interface RequestRow {
  readonly id: string;
  readonly kind: 'review' | 'command';
  readonly owner: string;
  readonly name: string;
  readonly pull: number | null;
  readonly head_sha: string | null;
  readonly trigger: Trigger | null;
  readonly delivery: string;
  readonly base_sha: string | null;
  readonly base_branch: string | null;
  readonly comment_id: number | null;
  readonly author: string | null;
  readonly author_is_bot: boolean | null;
  readonly body: string | null;
}

/** Everything that was asked for under this key and is not finished. */
export async function pendingFor(sql: Sql, key: string): Promise<Pending> {
  const rows = await sql.query<RequestRow>("SELECT * FROM belay.requests WHERE key = $1 AND state = 'pending' ORDER BY received_at, id", [key]);
  return {
    reviews: rows.filter(({ kind }) => kind === 'review').map(reviewOf),
    commands: rows.filter(({ kind }) => kind === 'command').map(commandOf),
  };
}

/** Marks requests as done. `outcome` is one short sentence for whoever looks into the database. */
export async function finish(sql: Sql, ids: readonly string[], outcome = ''): Promise<void> {
  if (ids.length === 0) return;
  await sql.query("UPDATE belay.requests SET state = 'done', outcome = $2, finished_at = now() WHERE id = ANY($1::text[]) AND state = 'pending'", [
    ids,
    storable(outcome),
  ]);
}

function reviewOf(row: RequestRow): ReviewRequest {
  return {
    id: row.id,
    repo: { owner: row.owner, name: row.name },
    pull: row.pull,
    headSha: row.head_sha,
    trigger: row.trigger ?? 'requested',
    delivery: row.delivery,
    ...(row.base_sha === null ? {} : { baseSha: row.base_sha }),
    ...(row.base_branch === null ? {} : { baseBranch: row.base_branch }),
  };
}

function commandOf(row: RequestRow): CommandRequest {
  return {
    id: row.id,
    repo: { owner: row.owner, name: row.name },
    pull: row.pull ?? 0,
    commentId: row.comment_id ?? 0,
    author: row.author ?? '',
    authorIsBot: row.author_is_bot ?? false,
    body: row.body ?? '',
    headSha: row.head_sha,
    delivery: row.delivery,
  };
}
