import { finish } from './finish.js';
import { rideAlong } from './ride-along.js';
import { acquire } from './named-locks.js';
import type { Context, Handlers, Operation, ReadOperation, Refusal, WriteOperation } from './program.js';
import { execute } from './statement.js';
import { evaluate, termsIn, type Held } from './terms.js';
import { commit, fail, rollback, transactionFor } from './transactions.js';
import type { Happened } from './step.js';
import type { Progress, Run, World } from './world.js';

/** Runs the operation a run stands at, then what rides along. */
export function performOperation(world: World, index: number, context: Context, happened: Happened[]): void {
  const run = world.runs[index];
  const operation = run?.program.operations[run.pc];
  if (run === undefined || operation === undefined) return;
  switch (operation.op) {
    case 'read':
    case 'write':
      statement(world, index, operation, context, happened, null);
      return;
    case 'lock':
      if (!acquire(world, index, operation, context)) {
        happened.push({ run: index, at: run.pc, what: 'waits', refusal: null });
        return;
      }
      break;
    case 'unlock': {
      const key = String(evaluate(operation.key, run, null));
      world.named = world.named.filter((one) => one.key !== key || one.session >> 1 !== index || one.scope === 'transaction');
      break;
    }
    case 'end':
      if (!end(world, index, operation.outcome, context, happened)) return;
      break;
    default:
      break;
  }
  goOn(world, index, context, happened, 'done');
}

/** Goes on with what waited. */
export function resume(world: World, index: number, context: Context, happened: Happened[]): void {
  const run = world.runs[index];
  const waiting = run?.waiting;
  const operation = run?.program.operations[run.pc];
  if (run === undefined || waiting == null || operation === undefined) return;
  run.waiting = null;
  if (operation.op === 'read' || operation.op === 'write') statement(world, index, operation, context, happened, waiting.progress);
  else if (operation.op === 'lock' && acquire(world, index, operation, context)) goOn(world, index, context, happened, 'goes-on');
}

function goOn(world: World, index: number, context: Context, happened: Happened[], what: 'done' | 'goes-on'): void {
  const run = world.runs[index];
  if (run === undefined) return;
  happened.push({ run: index, at: run.pc, what, refusal: null });
  run.pc += 1;
  rideAlong(world, index, context);
}

function end(world: World, index: number, outcome: 'commit' | 'rollback', context: Context, happened: Happened[]): boolean {
  const run = world.runs[index];
  const session = index * 2;
  if (run === undefined) return false;
  run.inTransaction = false;
  if (outcome === 'rollback') {
    if (world.transactions[session] != null) rollback(world, session);
    return true;
  }
  if (commit(world, session, context)) return true;
  refuse(world, index, session, 'serialization', context, happened);
  return false;
}

function statement(world: World, index: number, operation: ReadOperation | WriteOperation, context: Context, happened: Happened[], waited: Progress | null): void {
  const run = world.runs[index];
  if (run === undefined) return;
  const session = operation.connection === 'pool' && run.inTransaction ? index * 2 + 1 : index * 2;
  const transaction = transactionFor(world, session, context.isolation);
  if (transaction.failed) return refuse(world, index, session, 'failed', context, happened);
  if (transaction.doomed) return refuse(world, index, session, 'serialization', context, happened);
  const executed = execute(world, transaction, operation, run, context, waited);
  if (executed.kind === 'refused') return refuse(world, index, session, executed.refusal, context, happened);
  if (executed.kind === 'wait') {
    const blockers = executed.on.flatMap((one) => (world.transactions[one] == null ? [] : [`transaction ${String(world.transactions[one].id)}`]));
    run.waiting = { session, on: executed.on, blockers, since: world.waits, application: false, progress: executed.progress };
    world.waits += 1;
    happened.push({ run: index, at: run.pc, what: 'waits', refusal: null });
    return;
  }
  note(run, operation, executed.held, executed.rows);
  if (!transaction.explicit && !commit(world, session, context)) return refuse(world, index, session, 'serialization', context, happened);
  goOn(world, index, context, happened, waited === null ? 'done' : 'goes-on');
}

function note(run: Run, operation: ReadOperation | WriteOperation, held: Readonly<Record<string, Held>>, rows: readonly number[]): void {
  run.variables = { ...run.variables, ...held };
  const own = held[operation.as];
  run.log = [...run.log, JSON.stringify(own?.kind === 'rows' ? [run.pc, own.rows.map((one) => one.values), own.affected] : [run.pc, own?.kind === 'aggregate' ? own.value : null])];
  if (operation.op !== 'write') return;
  if (rows.length > 0) run.written = [...run.written, { at: run.pc, rows }];
  else if (!isLookedAt(run, operation)) run.missed = [...run.missed, run.pc];
}

function isLookedAt(run: Run, write: WriteOperation): boolean {
  return run.program.operations.some((one) => one.op === 'guard' && [...termsIn(one.condition)].some((term) => (term.kind === 'affected' || term.kind === 'exists' || term.kind === 'field') && term.of === write.as));
}

/** An error from the database: to its handler, or out of the function. */
export function refuse(world: World, index: number, session: number, refusal: Refusal, context: Context, happened: Happened[]): void {
  const run = world.runs[index];
  const operation = run?.program.operations[run.pc];
  if (run === undefined || operation === undefined) return;
  run.waiting = null;
  happened.push({ run: index, at: run.pc, what: 'refused', refusal });
  run.log = [...run.log, `${String(run.pc)} ${refusal}`];
  const handler = handlersOf(operation)[refusal];
  undo(world, session, refusal, context, handler?.savepoint === true && handler.keepsTransaction);
  if (handler === undefined) {
    finish(world, index, { kind: 'refused', refusal, at: run.pc });
    return;
  }
  if (!handler.keepsTransaction) {
    if (world.transactions[index * 2] != null) rollback(world, index * 2);
    run.inTransaction = false;
  }
  run.pc = run.program.operations.findIndex((one) => one.op === 'label' && one.name === handler.label);
  rideAlong(world, index, context);
}

function handlersOf(operation: Operation): Handlers {
  return operation.op === 'read' || operation.op === 'write' ? operation.handlers : {};
}

/** What an error takes back: Postgres everything but what a savepoint keeps; InnoDB the statement, or all of it for a deadlock. */
function undo(world: World, session: number, refusal: Refusal, context: Context, savepoint: boolean): void {
  const transaction = world.transactions[session];
  if (transaction == null) return;
  if (!transaction.explicit) {
    rollback(world, session);
    return;
  }
  const statementOnly = refusal === 'duplicate' || refusal === 'conflict';
  if (context.engine === 'innodb') {
    if (!statementOnly) rollback(world, session);
    return;
  }
  if (!(savepoint && statementOnly)) fail(world, session);
}
