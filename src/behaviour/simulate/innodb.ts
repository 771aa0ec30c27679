import type { Attempt, Request } from './attempt.js';
import type { Context } from './program.js';
import { holdersAgainst, take } from './row-locks.js';
import { meets, pinned, type HeldRow } from './terms.js';
import { currentFor, heldRow, tableOf, visibleAt, type Progress, type Row, type Transaction, type World } from './world.js';

/**
 * A statement's scan in InnoDB. A plain SELECT reads a view (at repeatable read the one the transaction's first plain SELECT
 * made); everything that locks or writes reads what is there now. Above read committed a locking scan that no unique key
 * answers also keeps others from inserting what it looked for.
 */
export function scanInnodb(world: World, transaction: Transaction, request: Request, progress: Progress, context: Context): Attempt {
  const { session } = transaction;
  const plain = request.lock === 'none' && !(transaction.isolation === 'serializable' && transaction.explicit);
  if (plain) return { kind: 'done', rows: limited(viewed(world, transaction, request, progress), request.limit) };
  const lock = request.lock === 'none' ? 'share' : request.lock;
  const candidates = progress.candidates ?? tableOf(world, request.table).filter((row) => mayMeet(row, request, transaction)).map((row) => row.id);
  const chosen = [...progress.chosen];
  for (let at = progress.at; at < candidates.length && (request.limit === null || chosen.length < request.limit); at += 1) {
    const row = world.rows.find((one) => one.id === candidates[at]);
    if (row === undefined) continue;
    const on = holdersAgainst(row, session, lock);
    if (on.length > 0) {
      if (request.wait === 'skip') continue;
      if (request.wait === 'nowait') return { kind: 'refused', refusal: 'conflict' };
      return { kind: 'wait', on, progress: { ...progress, candidates, at, chosen } };
    }
    const values = currentFor(row, session);
    const met = values !== null && meets(request.where, values);
    if (met || (values !== null && transaction.isolation !== 'read-committed')) take(row, session, lock);
    if (met) chosen.push(row.id);
  }
  if (transaction.isolation !== 'read-committed' && !hitsUnique(world, request, chosen, context)) world.gaps.push({ session, table: request.table, where: request.where });
  return { kind: 'done', rows: chosen.flatMap((id) => heldNow(world, id, session)) };
}

function viewed(world: World, transaction: Transaction, request: Request, progress: Progress): readonly HeldRow[] {
  if (transaction.isolation !== 'read-committed') transaction.snapshot ??= world.commits;
  const snapshot = transaction.snapshot ?? progress.snapshot;
  return tableOf(world, request.table).flatMap((row) => {
    const values = visibleAt(row, snapshot, transaction.session);
    return values !== null && meets(request.where, values) ? [heldRow(row, values)] : [];
  });
}

/** Rows the scan meets: those that match, and those that somebody is about to make match or has not yet let go. */
function mayMeet(row: Row, request: Request, transaction: Transaction): boolean {
  const committed = visibleAt(row, Number.MAX_SAFE_INTEGER, transaction.session);
  if (committed !== null && meets(request.where, committed)) return true;
  if (transaction.isolation === 'read-committed' && committed !== null) return false;
  const newest = row.versions.at(-1)?.values ?? null;
  return newest !== null && meets(request.where, newest);
}

function hitsUnique(world: World, request: Request, chosen: readonly number[], context: Context): boolean {
  if (chosen.length === 0) return false;
  const columns = pinned(request.where);
  return columns.has('id') || context.unique.some((index) => index.table === request.table && index.columns.every((one) => columns.has(one)));
}

function heldNow(world: World, id: number, session: number): readonly HeldRow[] {
  const row = world.rows.find((one) => one.id === id);
  const values = row === undefined ? null : currentFor(row, session);
  return row === undefined || values === null ? [] : [heldRow(row, values)];
}

function limited(rows: readonly HeldRow[], limit: number | null): readonly HeldRow[] {
  return limit === null ? rows : rows.slice(0, limit);
}
