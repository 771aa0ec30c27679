import type { Attempt, Request } from './attempt.js';
import { holdersAgainst, take } from './row-locks.js';
import { aborts, recordRead } from './serializable.js';
import { meets, type HeldRow } from './terms.js';
import { currentFor, heldRow, lastCommit, tableOf, visibleAt, type Progress, type Transaction, type World } from './world.js';

/**
 * A statement's scan in Postgres. Candidates come from the snapshot; a locking scan takes each row's lock, waiting where it
 * must, and then looks at the newest version: at read committed the condition is tested again on it, above that a newer
 * committed version is a serialization failure.
 */
export function scanPostgres(world: World, transaction: Transaction, request: Request, progress: Progress): Attempt {
  if (transaction.isolation === 'serializable') {
    recordRead(world, transaction, request.table, request.where);
    if (aborts(world, transaction)) return { kind: 'refused', refusal: 'serialization' };
  }
  const { session } = transaction;
  const snapshot = transaction.isolation === 'read-committed' ? progress.snapshot : (transaction.snapshot ?? progress.snapshot);
  const candidates = progress.candidates ?? matching(world, request, snapshot, session).map((one) => one.row);
  if (request.lock === 'none') return { kind: 'done', rows: limited(matching(world, request, snapshot, session), request.limit) };
  const chosen = [...progress.chosen];
  for (let at = progress.at; at < candidates.length && (request.limit === null || chosen.length < request.limit); at += 1) {
    const row = world.rows.find((one) => one.id === candidates[at]);
    if (row === undefined) continue;
    const on = holdersAgainst(row, session, request.lock);
    if (on.length > 0) {
      if (request.wait === 'skip') continue;
      if (request.wait === 'nowait') return { kind: 'refused', refusal: 'conflict' };
      return { kind: 'wait', on, progress: { ...progress, candidates, at, chosen } };
    }
    const newer = lastCommit(row) > snapshot;
    if (newer && transaction.isolation !== 'read-committed') return { kind: 'refused', refusal: 'serialization' };
    const values = currentFor(row, session);
    if (values === null) continue;
    take(row, session, request.lock);
    if (!newer || meets(request.where, values)) chosen.push(row.id);
  }
  return { kind: 'done', rows: chosen.flatMap((id) => heldNow(world, id, session)) };
}

function matching(world: World, request: Request, snapshot: number, session: number): readonly HeldRow[] {
  return tableOf(world, request.table).flatMap((row) => {
    const values = visibleAt(row, snapshot, session);
    return values !== null && meets(request.where, values) ? [heldRow(row, values)] : [];
  });
}

function heldNow(world: World, id: number, session: number): readonly HeldRow[] {
  const row = world.rows.find((one) => one.id === id);
  const values = row === undefined ? null : currentFor(row, session);
  return row === undefined || values === null ? [] : [heldRow(row, values)];
}

function limited(rows: readonly HeldRow[], limit: number | null): readonly HeldRow[] {
  return limit === null ? rows : rows.slice(0, limit);
}
