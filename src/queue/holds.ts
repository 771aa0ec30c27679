import type { Sql } from '../core/store.js';
import { backoffAfter, type Backoff } from './backoff.js';

const WAITS: Readonly<Record<'account' | 'global', Backoff>> = {
  account: { first: 60_000, most: 900_000 },
  global: { first: 5_000, most: 300_000 },
};

export interface Hold {
  /** An account whose keys wait; null: all of them. */
  readonly account: string | null;
  readonly reason: string;
  /** For so many milliseconds; null: longer with every failure in a row. */
  readonly waitMs: number | null;
  /** Between 0 and 1: how much of a growing wait to take off. */
  readonly random: number;
}

/** Holds back every key of an account, or all keys, and answers for how many milliseconds. Failures during one hold count once. */
export async function holdBack(sql: Sql, { account, reason, waitMs, random }: Hold): Promise<number> {
  const scope = scopeOf(account);
  const [before] = await sql.query<{ strikes: number; left: number }>(
    'SELECT strikes, extract(epoch FROM until - now())::float8 * 1000 AS left FROM belay.holds WHERE scope = $1 FOR UPDATE',
    [scope],
  );
  const left = before?.left ?? 0;
  const strikes = (before?.strikes ?? 0) + (left > 0 ? 0 : 1);
  const growing = left > 0 ? left : backoffAfter(strikes, WAITS[account === null ? 'global' : 'account'], random);
  const wait = Math.max(left, waitMs ?? growing);
  await sql.query(
    `INSERT INTO belay.holds (scope, until, strikes, reason) VALUES ($1, now() + $2::float8 * interval '1 millisecond', $3, $4)
     ON CONFLICT (scope) DO UPDATE SET until = excluded.until, strikes = excluded.strikes, reason = excluded.reason`,
    [scope, wait, strikes, reason],
  );
  return wait;
}

/** Ends a hold at once, for instance because the host says that an installation is back. */
export async function letGo(sql: Sql, account: string | null): Promise<void> {
  await sql.query('DELETE FROM belay.holds WHERE scope = $1', [scopeOf(account)]);
}

function scopeOf(account: string | null): string {
  return account === null ? 'global' : `account:${account.toLowerCase()}`;
}
