import { aggregate } from './aggregate.js';
import type { GuardOperation, Term, WriteOperation } from './program.js';
import { holds, meets, termsIn, type Environment, type Held, type HeldRow } from './terms.js';
import type { Break, Row, Run, World } from './world.js';

/**
 * What a run's writes rest on and others have changed by the time it commits: each read is looked at again on what others
 * committed. A value written back, a decision, or a row picked by a condition that does not hold any more is a break.
 */
export function breaksAtCommit(world: World, index: number): readonly Break[] {
  const run = world.runs[index];
  if (run === undefined) return [];
  const fresh: Environment = { me: run.me, parameters: run.parameters, variables: Object.fromEntries(Object.entries(run.variables).map(([name, held]) => [name, again(world, index, held)])) };
  const found: Break[] = [];
  for (const { at, held } of run.guards) {
    const guard = run.program.operations[at];
    if (guard?.op === 'guard' && decidesOtherwise(guard, held, fresh, run)) found.push({ kind: 'guard-false', run: index, at });
  }
  for (const { at } of run.written) {
    const write = run.program.operations[at];
    if (write?.op === 'write') found.push(...breaksOf(write, at, run, index, fresh));
  }
  return found;
}

/** A guard that reads nothing but what writes answered is no promise about rows. */
function decidesOtherwise(guard: GuardOperation, held: boolean, fresh: Environment, run: Run): boolean {
  return readsRows(guard.condition, run) && holds(guard.condition, fresh, null) !== held;
}

function readsRows(term: Term, run: Run): boolean {
  return [...termsIn(term)].some((one) => {
    if (one.kind === 'variable') return run.variables[one.name]?.kind === 'aggregate';
    if (one.kind !== 'field' && one.kind !== 'exists') return false;
    const held = run.variables[one.of];
    return held?.kind === 'rows' && !held.written;
  });
}

function breaksOf(write: WriteOperation, at: number, run: Run, index: number, fresh: Environment): readonly Break[] {
  const found: Break[] = [];
  const sets = { ...write.set, ...write.conflict?.update };
  for (const [column, term] of Object.entries(sets)) {
    for (const part of termsIn(term)) {
      if (part.kind === 'field' && part.column === column && changed(run.variables[part.of], fresh.variables[part.of], write.table, column)) found.push({ kind: 'lost-update', run: index, at });
      if (part.kind === 'field' && write.kind === 'insert' && isCounter(run, part.of, part.column) && changed(run.variables[part.of], fresh.variables[part.of], null, part.column)) found.push({ kind: 'duplicate-number', run: index, at });
      if (part.kind === 'variable' && numberChanged(run.variables[part.name], fresh.variables[part.name])) found.push({ kind: 'duplicate-number', run: index, at });
    }
  }
  for (const part of write.kind === 'insert' ? [] : termsIn(write.where)) {
    if (part.kind === 'field' && pickedAnew(run.variables[part.of], fresh.variables[part.of], write.table)) found.push({ kind: 'claimed-twice', run: index, at });
  }
  return found;
}

/** Whether the run itself moves on the column it took a value from. */
function isCounter(run: Run, variable: string, column: string): boolean {
  const held = run.variables[variable];
  return held?.kind === 'rows' && run.program.operations.some((one) => one.op === 'write' && one.kind === 'update' && one.table === held.table && column in one.set);
}

function changed(old: Held | undefined, now: Held | undefined, table: string | null, column: string): boolean {
  if (old?.kind !== 'rows' || now?.kind !== 'rows' || (table !== null && old.table !== table) || old.written) return false;
  return old.rows.some((row, place) => {
    const twin = now.rows[place];
    return twin !== undefined && twin.row === row.row && (twin.values[column] ?? null) !== (row.values[column] ?? null);
  });
}

function numberChanged(old: Held | undefined, now: Held | undefined): boolean {
  return old?.kind === 'aggregate' && now?.kind === 'aggregate' && old.value !== now.value;
}

/** A row found by a condition that it does not meet any more. */
function pickedAnew(old: Held | undefined, now: Held | undefined, table: string): boolean {
  return old?.kind === 'rows' && now?.kind === 'rows' && old.table === table && !old.written && old.rows.length > now.rows.length;
}

function again(world: World, index: number, held: Held): Held {
  if (held.kind === 'value' || (held.kind === 'rows' && held.written)) return held;
  if (held.kind === 'aggregate') return { ...held, value: aggregate(held.read, found(world, index, held.read.table, held.where)) };
  if (held.rows.length === 0) return { ...held, rows: found(world, index, held.table, held.where) };
  const rows = held.rows.flatMap(({ row: id }): readonly HeldRow[] => {
    const row = world.rows.find((one) => one.id === id);
    const values = row === undefined ? null : ofOthers(row, index);
    return values !== null && meets(held.where, values) ? [{ row: id, values }] : [];
  });
  return { ...held, rows };
}

function found(world: World, index: number, table: string, where: Term): readonly HeldRow[] {
  return world.rows.flatMap((row) => {
    const values = row.table === table ? ofOthers(row, index) : null;
    return values !== null && meets(where, values) ? [{ row: row.id, values }] : [];
  });
}

/** The newest version that somebody else committed. */
function ofOthers(row: Row, index: number): HeldRow['values'] | null {
  for (let at = row.versions.length - 1; at >= 0; at -= 1) {
    const version = row.versions[at];
    if (version !== undefined && version.commit !== null && (version.session < 0 || version.session >> 1 !== index)) return version.values;
  }
  return null;
}
