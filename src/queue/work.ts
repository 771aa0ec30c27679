import { parseJobKey } from '../core/job-key.js';
import type { Sql, Store } from '../core/store.js';

/** How to schedule work on a key. */
export interface Wish {
  /** Not before so many milliseconds from now (0). */
  readonly after?: number;
  /** Higher comes first (0). Sweeps use a negative one. */
  readonly priority?: number;
  /**
   * Leave a key alone that is known already: waiting, in hand, held back after a failure or parked. Without it the wish counts
   * as news, which ends a wait after a failure and starts counting attempts anew.
   */
  readonly onlyIfUnknown?: boolean;
}

/** A key whose job should be handed out now. */
export interface Due {
  readonly key: string;
  readonly priority: number;
}

/** A claim on a key. `attempts` and `crashes` are earlier ones in a row. */
export interface Claim {
  readonly key: string;
  readonly account: string;
  readonly attempts: number;
  readonly crashes: number;
}

/** Crashes in a row that are forgiven at once; beyond them the wait doubles, and at the limit the key is parked. */
const FORGIVEN_CRASHES = 5;
const MAX_CRASHES = 15;
/** A job handed out so long ago without being claimed was lost with the process that took it. */
const LOST_JOB_SECONDS = 20;

/** The account that a key's repository belongs to. Throws on a text that is no key. */
export function accountOf(key: string): string {
  const subject = parseJobKey(key);
  if (subject === null) throw new TypeError(`Not a job key: ${key}`);
  return subject.repo.owner;
}

/** Notes that there is something to do, and answers the keys whose job should be handed out now. */
export async function want(sql: Sql, keys: readonly string[], { after = 0, priority = 0, onlyIfUnknown = false }: Wish): Promise<readonly Due[]> {
  const rows = [...new Set(keys)].sort().map((key) => ({ key, account: accountOf(key) }));
  if (rows.length === 0) return [];
  const news = `DO UPDATE SET
      wanted = work.wanted + 1,
      wanted_at = CASE WHEN work.owner IS NOT NULL AND work.wanted = work.claimed THEN now() ELSE work.wanted_at END,
      not_before = CASE WHEN work.parked_at IS NOT NULL OR (work.owner IS NOT NULL AND work.wanted = work.claimed)
        THEN excluded.not_before ELSE least(work.not_before, excluded.not_before) END,
      priority = greatest(work.priority, excluded.priority),
      sent_at = CASE WHEN work.owner IS NULL AND excluded.sent_at IS NOT NULL THEN excluded.sent_at ELSE work.sent_at END,
      attempts = 0, parked_at = NULL, error = NULL`;
  const wanted = await sql.query<Due & { readonly due: boolean }>(
    `INSERT INTO belay.work (key, account, priority, not_before, sent_at)
     SELECT key, account, $2::integer, now() + $3::float8 * interval '1 millisecond', CASE WHEN $3::float8 <= 0 THEN now() END
     FROM jsonb_to_recordset($1::jsonb) AS row (key text, account text) ORDER BY key
     ON CONFLICT (key) ${onlyIfUnknown ? 'DO NOTHING' : news}
     RETURNING key, priority, owner IS NULL AND not_before <= now() AS due`,
    [JSON.stringify(rows), priority, after],
  );
  return wanted.filter(({ due }) => due);
}

const NOT_HELD = "NOT EXISTS (SELECT 1 FROM belay.holds AS h WHERE h.until > now() AND h.scope IN ('global', 'account:' || w.account))";

/** Takes a key for one piece of work; null when it is not due, held back, parked or in other hands. */
export async function claim(sql: Sql, key: string, owner: string, leaseMs: number): Promise<Claim | null> {
  const [row] = await sql.query<Claim>(
    `UPDATE belay.work AS w SET owner = $2, claimed = wanted, lease_until = now() + $3::float8 * interval '1 millisecond'
     WHERE key = $1 AND owner IS NULL AND parked_at IS NULL AND not_before <= now() AND ${NOT_HELD}
     RETURNING key, account, attempts, crashes`,
    [key, owner, leaseMs],
  );
  if (row === undefined) await sql.query('UPDATE belay.work SET sent_at = NULL WHERE key = $1 AND owner IS NULL', [key]);
  return row ?? null;
}

/** Prolongs leases and answers the owners that still hold theirs. */
export async function renew(sql: Sql, owners: readonly string[], leaseMs: number): Promise<ReadonlySet<string>> {
  if (owners.length === 0) return new Set();
  const rows = await sql.query<{ owner: string }>(
    "UPDATE belay.work SET lease_until = now() + $2::float8 * interval '1 millisecond' WHERE owner = ANY($1::text[]) RETURNING owner",
    [owners, leaseMs],
  );
  return new Set(rows.map(({ owner }) => owner));
}

/**
 * The work on a key is done. Answers the key when it was wanted again meanwhile, else null. Does nothing when the lease was
 * lost: somebody else is at it.
 */
export async function finishWork(sql: Sql, key: string, owner: string): Promise<Due | null> {
  const held = await lockOwn(sql, key, owner);
  if (held === null) return null;
  if (held.holds) await sql.query("DELETE FROM belay.holds WHERE until <= now() AND scope IN ('global', $1)", [`account:${held.account}`]);
  if (held.again) return startOver(sql, key);
  await sql.query('DELETE FROM belay.work WHERE key = $1', [key]);
  return null;
}

export interface Postponed {
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  readonly error: string;
  /** Whether this counts as an attempt of the key's own. */
  readonly counts: boolean;
  /** No further attempt until somebody asks again or the parked ones are swept. */
  readonly park: boolean;
}

/** The work on a key failed. When it was wanted again meanwhile, it starts over as new. */
export async function postponeWork(sql: Sql, key: string, owner: string, { delayMs, error, counts, park }: Postponed): Promise<Due | null> {
  const held = await lockOwn(sql, key, owner);
  if (held === null) return null;
  if (held.again && counts) return startOver(sql, key);
  await sql.query(
    `UPDATE belay.work SET owner = NULL, lease_until = NULL, sent_at = NULL, crashes = 0, error = $2, attempts = attempts + $3::integer,
       not_before = now() + $4::float8 * interval '1 millisecond', parked_at = CASE WHEN $5::boolean THEN now() END
     WHERE key = $1`,
    [key, error, counts ? 1 : 0, delayMs, park],
  );
  return null;
}

/** Gives keys back as if they had never been taken: the process is going down. */
export async function releaseWork(sql: Sql, owners: readonly string[]): Promise<void> {
  await sql.query('UPDATE belay.work SET owner = NULL, lease_until = NULL, sent_at = NULL WHERE owner = ANY($1::text[])', [owners]);
}

async function lockOwn(sql: Sql, key: string, owner: string): Promise<{ readonly account: string; readonly again: boolean; readonly holds: boolean } | null> {
  const [row] = await sql.query<{ account: string; again: boolean; holds: boolean }>(
    'SELECT account, wanted > claimed AS again, EXISTS (SELECT 1 FROM belay.holds) AS holds FROM belay.work WHERE key = $1 AND owner = $2 FOR UPDATE',
    [key, owner],
  );
  return row ?? null;
}

/** What was wanted anew during the work. Not due yet when it was wanted for later. */
async function startOver(sql: Sql, key: string): Promise<Due | null> {
  const [row] = await sql.query<Due & { readonly due: boolean }>(
    `UPDATE belay.work SET owner = NULL, lease_until = NULL, attempts = 0, crashes = 0, error = NULL,
       sent_at = CASE WHEN not_before <= now() THEN now() END
     WHERE key = $1 RETURNING key, priority, not_before <= now() AS due`,
    [key],
  );
  return row?.due === true ? { key: row.key, priority: row.priority } : null;
}

/**
 * Frees keys whose process died: those with an expired lease, or all of them where this process is the only one. A key on
 * which process after process dies has to wait longer each time, so that it cannot take the others down with it.
 */
export async function releaseOrphans(sql: Sql, which: 'expired' | 'all'): Promise<readonly string[]> {
  const rows = await sql.query<{ key: string }>(
    `UPDATE belay.work SET owner = NULL, lease_until = NULL, sent_at = NULL, crashes = crashes + 1,
       not_before = CASE WHEN crashes < ${FORGIVEN_CRASHES} THEN now()
         ELSE now() + least(600, 15 * 2 ^ least(10, crashes - ${FORGIVEN_CRASHES})) * interval '1 second' END,
       parked_at = CASE WHEN crashes >= ${MAX_CRASHES - 1} THEN now() END,
       error = 'the process ended while it was at work on this'
     WHERE owner IS NOT NULL ${which === 'all' ? '' : 'AND lease_until < now()'}
     RETURNING key`,
  );
  if (which === 'all') await sql.query('UPDATE belay.work SET sent_at = NULL WHERE sent_at IS NOT NULL');
  return rows.map(({ key }) => key);
}

/** Due keys without a job, or whose job was lost; they are marked as handed out. */
export async function takeDue(sql: Sql, limit: number): Promise<readonly Due[]> {
  return sql.query<Due>(
    `UPDATE belay.work SET sent_at = now() WHERE key IN (
       SELECT key FROM belay.work AS w
       WHERE owner IS NULL AND parked_at IS NULL AND not_before <= now() AND ${NOT_HELD}
         AND (sent_at IS NULL OR sent_at < now() - interval '${LOST_JOB_SECONDS} seconds')
       ORDER BY priority DESC, not_before, key LIMIT $1::integer FOR UPDATE SKIP LOCKED)
     RETURNING key, priority`,
    [limit],
  );
}

/** Gives parked keys one more attempt after so long. */
export async function unpark(sql: Sql, afterMs: number): Promise<void> {
  await sql.query(
    `UPDATE belay.work SET parked_at = NULL, not_before = now(), sent_at = NULL, priority = least(priority, -10)
     WHERE parked_at < now() - $1::float8 * interval '1 millisecond'`,
    [afterMs],
  );
}

/** Numbers for metrics and readiness. */
export interface WorkCounts {
  /** Keys that wait or are in hand; parked ones are not among them. */
  readonly depth: number;
  readonly running: number;
  readonly parked: number;
  /** Seconds since the longest waiting key could have been taken up; 0 when none waits. */
  readonly age: number;
}

export async function countWork(sql: Sql | Store): Promise<WorkCounts> {
  const [row] = await sql.query<WorkCounts>(
    `SELECT count(*) FILTER (WHERE parked_at IS NULL) AS depth, count(owner) AS running, count(parked_at) AS parked,
       coalesce(extract(epoch FROM now() - min(greatest(wanted_at, not_before)) FILTER (WHERE owner IS NULL AND parked_at IS NULL AND not_before <= now())), 0)::float8 AS age
     FROM belay.work`,
  );
  return row ?? { depth: 0, running: 0, parked: 0, age: 0 };
}
