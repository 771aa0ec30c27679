import { aggregate } from './aggregate.js';
import { apply, type Executed } from './apply.js';
import type { Attempt, Request } from './attempt.js';
import { scanInnodb } from './innodb.js';
import { insertRow } from './insert.js';
import { scanPostgres } from './postgres.js';
import type { Context, ReadOperation, WriteOperation } from './program.js';
import { bound, type Environment, type Held, type HeldRow } from './terms.js';
import type { Progress, Transaction, World } from './world.js';

export function startOf(world: World): Progress {
  return { phase: 'main', snapshot: world.commits, candidates: null, at: 0, chosen: [], held: {} };
}

/** Runs a read or a write, or goes on with one that waited. */
export function execute(world: World, transaction: Transaction, operation: ReadOperation | WriteOperation, environment: Environment, context: Context, waited: Progress | null): Executed {
  if (context.engine === 'postgres' && transaction.isolation !== 'read-committed') transaction.snapshot ??= world.commits;
  const progress = waited ?? startOf(world);
  return operation.op === 'read' ? read(world, transaction, operation, environment, context, progress) : write(world, transaction, operation, environment, context, progress, waited !== null);
}

function scan(world: World, transaction: Transaction, request: Request, progress: Progress, context: Context): Attempt {
  return context.engine === 'postgres' ? scanPostgres(world, transaction, request, progress) : scanInnodb(world, transaction, request, progress, context);
}

function read(world: World, transaction: Transaction, operation: ReadOperation, environment: Environment, context: Context, progress: Progress): Executed {
  const where = bound(operation.where, environment);
  const attempt = scan(world, transaction, { ...operation, where }, progress, context);
  if (attempt.kind !== 'done') return attempt;
  return { kind: 'done', rows: [], held: { [operation.as]: heldBy(operation, where, attempt.rows) } };
}

function heldBy(operation: ReadOperation, where: ReturnType<typeof bound>, rows: readonly HeldRow[]): Held {
  if (operation.aggregate !== null) return { kind: 'aggregate', read: operation, where, value: aggregate(operation, rows) };
  return { kind: 'rows', table: operation.table, where, rows, affected: rows.length, written: false, limit: operation.limit };
}

function write(world: World, transaction: Transaction, operation: WriteOperation, environment: Environment, context: Context, progress: Progress, resumed: boolean): Executed {
  const { first } = operation;
  if (first === null) return change(world, transaction, operation, environment, context, progress);
  let main = progress;
  if (!resumed || progress.phase === 'first') {
    const inner = read(world, transaction, first, environment, context, progress);
    if (inner.kind === 'wait') return { ...inner, progress: { ...inner.progress, phase: 'first' } };
    if (inner.kind !== 'done') return inner;
    main = { ...progress, phase: 'main', candidates: null, at: 0, chosen: [], held: inner.held };
  }
  const executed = change(world, transaction, operation, { ...environment, variables: { ...environment.variables, ...main.held } }, context, main);
  return executed.kind === 'done' ? { ...executed, held: { ...main.held, ...executed.held } } : executed;
}

function change(world: World, transaction: Transaction, operation: WriteOperation, environment: Environment, context: Context, progress: Progress): Executed {
  if (operation.kind === 'insert') return insertRow(world, transaction, operation, environment, context, progress);
  const where = bound(operation.where, environment);
  const attempt = scan(world, transaction, { table: operation.table, where, lock: 'update', wait: 'block', limit: null }, progress, context);
  if (attempt.kind !== 'done') return attempt;
  return apply(world, transaction, operation, environment, context, attempt.rows, progress);
}
