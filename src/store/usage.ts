import type { RepositoryName } from '../core/job.js';
import type { ModelUsage } from '../core/model.js';
import type { Sql } from '../core/store.js';
import { repoColumn, storable } from './storable.js';

/** What a cost belongs to. */
export interface UsageSubject {
  readonly repo: RepositoryName;
  /** null for a merge group. */
  readonly pull: number | null;
  readonly question?: string;
  readonly model?: string;
}

/** `2026-03`, in UTC: the month that a moment's costs count for. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

/** Writes what model calls cost into the ledger. */
export async function bookUsage(sql: Sql, subject: UsageSubject, usage: ModelUsage, at: Date): Promise<void> {
  await sql.query(
    `INSERT INTO belay.model_usage
       (at, month, repo, pull, question, model, calls, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, dollars)
     VALUES ($1::timestamptz, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::numeric)`,
    [
      ...[at.toISOString(), monthOf(at), repoColumn(subject.repo), subject.pull, storable(subject.question ?? ''), storable(subject.model ?? '')],
      ...[usage.calls, usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens, usage.dollars.toFixed(6)],
    ],
  );
}

/** US dollars booked so far. */
export interface Spent {
  /** For this pull request, whenever. */
  readonly pull: number;
  /** For this repository in the month of `at`. */
  readonly repositoryMonth: number;
  /** For everything in the month of `at`. */
  readonly month: number;
}

export async function spent(sql: Sql, { repo, pull }: UsageSubject, at: Date): Promise<Spent> {
  const [row] = await sql.query<Spent>(
    `SELECT
       (SELECT coalesce(sum(dollars), 0)::float8 FROM belay.model_usage WHERE repo = $1 AND pull IS NOT DISTINCT FROM $2::integer) AS pull,
       (SELECT coalesce(sum(dollars), 0)::float8 FROM belay.model_usage WHERE month = $3 AND repo = $1) AS "repositoryMonth",
       (SELECT coalesce(sum(dollars), 0)::float8 FROM belay.model_usage WHERE month = $3) AS month`,
    [repoColumn(repo), pull, monthOf(at)],
  );
  return row ?? { pull: 0, repositoryMonth: 0, month: 0 };
}
