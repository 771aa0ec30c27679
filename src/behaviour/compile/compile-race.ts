import { compatible, sideOf } from '../dominance.js';
import { columnOf } from '../entity.js';
import type { Event, FunctionBehaviour, Guard, LockAcquire, Read, TxBegin, Write } from '../event.js';
import type { Isolation, Operation, Program, Term } from '../simulate/program.js';
import { conditionOf, ROW, valueOf, writeName, type Names } from './translate.js';

/** What a race is about: the row that is read, the decision, the change, and what else happens when the decision is passed. */
export interface Focus {
  readonly read: Read;
  readonly guard: Guard | null;
  readonly write: Write;
  readonly effect: Event | null;
  readonly column: string;
}

/**
 * The path of a function on which a race happens, cut down to the one row it is about: its reads, the decisions and writes that
 * rest on it, locks, transactions, and the effect behind it. What the function does to other rows is left out. null: the
 * decision or the change cannot be said in the simulator's terms.
 */
export function compileRace(behaviour: FunctionBehaviour, focus: Focus): Program | null {
  const kept = keptEvents(behaviour, focus);
  const names: Names = {
    row: new Set([focus.read.id, ...(focus.read.within === null ? [] : [focus.read.within])]),
    writes: new Set(kept.flatMap((one) => (one.kind === 'write' ? [one.id] : []))),
  };
  const compiler: Compiler = { behaviour, focus, names, open: null };
  const operations: Operation[] = [];
  for (const event of kept) {
    operations.push(...boundary(compiler, event));
    const compiled = operationsOf(compiler, event);
    if (compiled === null) return null;
    operations.push(...compiled);
  }
  if (compiler.open !== null) operations.push({ op: 'end', outcome: 'commit', ...end(behaviour, compiler.open) });
  return { name: behaviour.symbol, operations: [...operations, ...releases(behaviour, kept)] };
}

interface Compiler {
  readonly behaviour: FunctionBehaviour;
  readonly focus: Focus;
  readonly names: Names;
  /** The transaction begun and not yet ended. */
  open: number | null;
}

/** Longer paths are not followed. */
const MOST_EVENTS = 24;

function keptEvents(behaviour: FunctionBehaviour, focus: Focus): readonly Event[] {
  const { read, write, guard, effect } = focus;
  const keeps = (one: Event): boolean => {
    if (one === read || one === write || one === guard || one === effect) return true;
    if (!compatible(one, write) || inHandler(one)) return false;
    if (one.kind === 'lock-acquire') return one.id < write.id;
    if (one.kind === 'read') return one.id < write.id && one.lock === 'update';
    return one.kind === 'guard' && (sideOf(one, write) ?? (effect === null ? null : sideOf(one, effect))) !== null;
  };
  return behaviour.events.filter(keeps).slice(0, MOST_EVENTS);
}

function inHandler(event: Event): boolean {
  return event.frames.some((frame) => frame.kind === 'try' && frame.part === 'catch');
}

function said(event: Event): { readonly line: number; readonly text: string } {
  return { line: event.span.startLine, text: event.text };
}

function end(behaviour: FunctionBehaviour, transaction: number): { readonly line: number; readonly text: string } {
  const found = behaviour.events.find((one) => one.kind === 'tx-end' && one.transaction === transaction && one.outcome === 'commit');
  return found === undefined ? { line: 0, text: '' } : said(found);
}

/** Begins and ends transactions between two events that stand in different ones. */
function boundary(compiler: Compiler, event: Event): readonly Operation[] {
  const { behaviour } = compiler;
  const wanted = transactionOf(event);
  if (wanted === undefined || wanted === compiler.open) return [];
  const operations: Operation[] = compiler.open === null ? [] : [{ op: 'end', outcome: 'commit', ...end(behaviour, compiler.open) }];
  compiler.open = wanted;
  const begin = behaviour.events.find((one): one is TxBegin => one.kind === 'tx-begin' && one.transaction === wanted);
  if (wanted !== null) operations.push({ op: 'begin', isolation: isolationOf(begin), line: 0, text: '' });
  return operations;
}

/** The transaction a statement runs in, null for none; undefined where it does not matter. */
function transactionOf(event: Event): number | null | undefined {
  if (event.kind === 'read' && (event.library === 'parameter' || event.library === 'function')) return undefined;
  if (event.kind === 'write' || event.kind === 'read') return event.handle.transaction ?? enclosing(event);
  return undefined;
}

/** A statement on the pool inside somebody's transaction does not end it. */
function enclosing(event: Event): number | null {
  const frame = event.frames.findLast((one) => one.kind === 'transaction');
  return frame === undefined ? null : frame.id;
}

function isolationOf(begin: TxBegin | undefined): Isolation | null {
  switch (begin?.isolation) {
    case 'serializable':
    case 'unknown':
      return 'serializable';
    case 'repeatable-read':
    case 'snapshot':
      return 'repeatable-read';
    case 'read-committed':
    case 'read-uncommitted':
      return 'read-committed';
    default:
      return null;
  }
}

const SAME_ROW: Term = { kind: 'binary', operator: 'equal', left: { kind: 'column', name: 'id' }, right: { kind: 'parameter', name: 'row' } };

function both(left: Term, right: Term): Term {
  return { kind: 'binary', operator: 'and', left, right };
}

function operationsOf(compiler: Compiler, event: Event): readonly Operation[] | null {
  const { focus, names } = compiler;
  switch (event.kind) {
    case 'read':
      return [event === focus.read ? readOf(compiler, event) : lockingRead(event, focus), ...(event.lock === 'update' ? [present(event)] : [])];
    case 'guard': {
      const side = sideOf(event, focus.write) ?? (focus.effect === null ? null : sideOf(event, focus.effect));
      const condition = side === null ? null : conditionOf(event.condition, side === 'then', names);
      if (condition === null) return event === focus.guard ? null : [];
      return [{ op: 'guard', condition, otherwise: null, ...said(event) }];
    }
    case 'write':
      return event === focus.write ? writeOf(compiler, event) : [added(compiler, event)];
    case 'lock-acquire':
      return [{ op: 'lock', key: { kind: 'value', value: `lock ${String(event.lock)}` }, scope: scopeOf(event), tries: false, as: `lock ${String(event.lock)}`, connection: 'transaction', ...said(event) }];
    default:
      return event === focus.effect ? [{ op: 'effect', kind: 'effect', key: { kind: 'parameter', name: 'row' }, ...said(event) }] : [];
  }
}

/** A lock that gives up at once, and is checked, keeps others out as one that waits does. */
function scopeOf(lock: LockAcquire): 'transaction' | 'session' | 'cluster' | 'process' {
  return lock.scope === 'unknown' ? 'cluster' : lock.scope;
}

function releases(behaviour: FunctionBehaviour, kept: readonly Event[]): readonly Operation[] {
  return kept.flatMap((one): readonly Operation[] => {
    if (one.kind !== 'lock-acquire') return [];
    const release = behaviour.events.find((other) => other.kind === 'lock-release' && other.lock === one.lock);
    return [{ op: 'unlock', key: { kind: 'value', value: `lock ${String(one.lock)}` }, ...(release === undefined ? { line: 0, text: '' } : said(release)) }];
  });
}

const READ = { op: 'read', aggregate: null, column: null, wait: 'block', limit: null, handlers: {} } as const;

function readOf(compiler: Compiler, event: Read): Operation {
  const { names } = compiler;
  // A constant beside the key is a state the row must be in.
  const states = event.key.flatMap((part): readonly Term[] => {
    const value = valueOf(part.value, names);
    return value.kind === 'value' ? [{ kind: 'binary', operator: 'equal', left: { kind: 'column', name: columnOf(part.column) }, right: value }] : [];
  });
  const lock = event.lock === 'share' || event.lock === 'update' ? event.lock : 'none';
  return { ...READ, as: ROW, table: 'subject', where: states.reduce(both, SAME_ROW), lock, connection: connectionOf(event), ...said(event) };
}

/** Another row that is locked on the way: the parent, or this one before it is read again. */
function lockingRead(event: Read, focus: Focus): Operation {
  const table = event.entity === focus.read.entity ? 'subject' : `table ${event.entity ?? ''}`;
  return { ...READ, as: `locked ${String(event.id)}`, table, where: SAME_ROW, lock: 'update', connection: connectionOf(event), ...said(event) };
}

function present(event: Read): Operation {
  return { op: 'guard', condition: { kind: 'exists', of: ROW }, otherwise: null, line: 0, text: event.text };
}

function connectionOf(event: Read | Write): 'transaction' | 'pool' {
  return event.handle.transaction === null ? 'pool' : 'transaction';
}

function writeOf(compiler: Compiler, event: Write): readonly Operation[] | null {
  const { focus, names } = compiler;
  const guarded = event.key.flatMap((part): readonly Term[] => {
    const value = valueOf(part.value, names);
    const state = value.kind === 'value' || (value.kind === 'field' && value.column === columnOf(part.column) && !/id$/.test(value.column) && !isKeyOf(focus.read, value.column));
    return state ? [{ kind: 'binary', operator: 'equal', left: { kind: 'column', name: columnOf(part.column) }, right: value }] : [];
  });
  const set: Record<string, Term> = {};
  for (const { column, value } of event.data) if (columnOf(column) === columnOf(focus.column)) set[columnOf(column)] = valueOf(value, names);
  if (event.operation !== 'delete' && Object.keys(set).length === 0) return null;
  const write: Operation = { op: 'write', kind: event.operation === 'delete' ? 'delete' : 'update', as: writeName(event.id), table: 'subject', where: guarded.reduce(both, SAME_ROW), set, conflict: null, first: null, connection: connectionOf(event), handlers: {}, ...said(event) };
  if (!event.failsWhenMissing) return [write];
  return [write, { op: 'guard', condition: { kind: 'binary', operator: 'greater', left: { kind: 'affected', of: writeName(event.id) }, right: { kind: 'value', value: 0 } }, otherwise: null, line: 0, text: event.text }];
}

function isKeyOf(read: Read, column: string): boolean {
  return read.key.some((part) => columnOf(part.column) === column);
}

/** What is added elsewhere when the decision is passed: a row, or an amount. Either is there twice when it happens twice. */
function added(compiler: Compiler, event: Write): Operation {
  return { op: 'write', kind: 'insert', as: writeName(event.id), table: `table ${event.entity ?? ''}`, where: { kind: 'value', value: true }, set: { of: { kind: 'parameter', name: 'row' } }, conflict: null, first: null, connection: connectionOf(event), handlers: {}, ...said(event) };
}
