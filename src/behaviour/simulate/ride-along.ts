import { finish } from './finish.js';
import type { Context, GuardOperation, Operation } from './program.js';
import { evaluate, holds, termsIn } from './terms.js';
import { begin } from './transactions.js';
import type { Run, World } from './world.js';

/** More than this without touching anything shared goes round in a circle. */
const MOST_LOCAL = 500;

/** Operations that others cannot notice while they happen: they belong to the step before them. */
function isLocal(operation: Operation): boolean {
  switch (operation.op) {
    case 'guard':
    case 'label':
    case 'goto':
    case 'effect':
    case 'return':
    case 'begin':
    case 'memory-read':
    case 'memory-write':
      return true;
    default:
      return false;
  }
}

/** Runs on to the next operation that matters to others, or to the end. */
export function rideAlong(world: World, index: number, context: Context): void {
  const run = world.runs[index];
  if (run === undefined) return;
  for (let count = 0; run.outcome === null; count += 1) {
    const operation = run.program.operations[run.pc];
    if (operation === undefined) return finish(world, index, { kind: 'returned', value: true });
    if (!isLocal(operation)) return;
    if (count > MOST_LOCAL) return finish(world, index, { kind: 'hung' });
    local(world, run, index, operation, context);
  }
}

function local(world: World, run: Run, index: number, operation: Operation, context: Context): void {
  const at = run.pc;
  run.pc += 1;
  switch (operation.op) {
    case 'guard':
      decide(world, run, index, operation, at);
      return;
    case 'goto':
      run.pc = labelled(run, operation.label);
      return;
    case 'effect':
      run.effects = [...run.effects, `${operation.kind} ${String(evaluate(operation.key, run, null))}`];
      return;
    case 'return':
      finish(world, index, { kind: 'returned', value: operation.value === null ? true : evaluate(operation.value, run, null) });
      return;
    case 'begin':
      run.inTransaction = true;
      begin(world, index * 2, operation.isolation ?? context.isolation, true);
      return;
    case 'memory-read': {
      const value = world.memory[fieldOf(operation.field, index, context)] ?? 0;
      run.variables = { ...run.variables, [operation.as]: { kind: 'value', value } };
      run.log = [...run.log, `${operation.field} ${String(value)}`];
      return;
    }
    case 'memory-write': {
      const field = fieldOf(operation.field, index, context);
      const stale = run.program.operations.some((one) => one.op === 'memory-read' && one.field === operation.field && run.variables[one.as] !== undefined && evaluate({ kind: 'variable', name: one.as }, run, null) !== (world.memory[field] ?? 0) && [...termsIn(operation.value)].some((term) => term.kind === 'variable' && term.name === one.as));
      if (stale) world.breaks.push({ kind: 'memory-overwritten', run: index, at });
      world.memory[field] = evaluate(operation.value, run, null);
      run.committed = true;
      return;
    }
    default:
      return;
  }
}

function fieldOf(field: string, index: number, context: Context): string {
  return context.singleProcess ? field : `${String(index)}:${field}`;
}

function decide(world: World, run: Run, index: number, guard: GuardOperation, at: number): void {
  const held = holds(guard.condition, run, null);
  run.guards = [...run.guards, { at, held }];
  run.log = [...run.log, `${String(at)} ${String(held)}`];
  if (held) return;
  if (guard.otherwise !== null) {
    run.pc = labelled(run, guard.otherwise);
    return;
  }
  const onAffected = [...termsIn(guard.condition)].some((term) => {
    const of = term.kind === 'affected' || term.kind === 'exists' ? run.variables[term.of] : undefined;
    return of?.kind === 'rows' && of.written;
  });
  finish(world, index, { kind: 'failed', at, onAffected });
}

function labelled(run: Run, label: string): number {
  const at = run.program.operations.findIndex((one) => one.op === 'label' && one.name === label);
  return at < 0 ? run.program.operations.length : at;
}
