import { computedFrom } from './computed.js';
import type { Computation } from './computed.js';
import { compatible, sameFrame, sideOf } from './dominance.js';
import { columnOf } from './entity.js';
import type { Assignment, Event, FunctionBehaviour, Guard, Read, TxBegin, Write } from './event.js';
import { walkExpression } from './expression.js';
import type { Expression } from './expression.js';
import { isBounded, survivesRejection } from './kept-by-database.js';
import { endsWith, mentionsIn } from './mention.js';
import type { Mention } from './mention.js';
import type { Models } from './models/models.js';
import { protectionOf, sharedTransaction } from './protection.js';
import { sameRow, sameValue } from './same-row.js';
import { sendsData } from './sends-data.js';

/** A row is read, a decision rests on one of its columns, and a later write changes that column. Nothing protects it. */
export interface CheckedWrite {
  readonly read: Read;
  readonly guard: Guard;
  readonly write: Write;
  readonly column: string;
  /** `amount`: compared and then counted up or down. `state`: a state that may be left only once. */
  readonly kind: 'amount' | 'state';
  /** `up` or `down` for amounts. */
  readonly direction: 'up' | 'down' | null;
  /** What happens twice when two runs pass: for states there always is one. */
  readonly effect: Event | null;
  /** A transaction around both, which does not help at its isolation level. */
  readonly transaction: TxBegin | null;
}

/** A new value computed from the one that was read, and written back. Nothing protects it. */
export interface StaleWrite {
  readonly read: Read;
  readonly write: Write;
  readonly assignment: Assignment;
  readonly computation: Computation;
  readonly transaction: TxBegin | null;
}

/** Every write of a function whose check another run can pass too; one per write. */
export function checkedWrites(behaviour: FunctionBehaviour, models: Models): readonly CheckedWrite[] {
  const answers = seen.get(models) ?? new WeakMap<FunctionBehaviour, readonly CheckedWrite[]>();
  seen.set(models, answers);
  const known = answers.get(behaviour);
  if (known !== undefined) return known;
  const found: CheckedWrite[] = [];
  const effects = behaviour.events.filter((one) => repeats(one) && !inHandler(one));
  for (const write of changes(behaviour)) {
    const one = checkedWrite({ behaviour, models, effects }, write);
    if (one !== null) found.push(one);
  }
  answers.set(behaviour, found);
  return found;
}

/** Two rules ask the same of each function. */
const seen = new WeakMap<Models, WeakMap<FunctionBehaviour, readonly CheckedWrite[]>>();

/** Every write of a function that can overwrite what another run wrote; those behind a check are `checkedWrites`. */
export function staleWrites(behaviour: FunctionBehaviour, models: Models): readonly StaleWrite[] {
  const checked = new Set(checkedWrites(behaviour, models).map((one) => one.write.id));
  const found: StaleWrite[] = [];
  for (const write of changes(behaviour)) {
    if (checked.has(write.id) || write.operation === 'delete') continue;
    const one = staleWrite(behaviour, models, write);
    if (one !== null) found.push(one);
  }
  return found;
}

/** Nobody writes functions with more; those who do are after our time. */
const MOST_WRITES = 60;
const MOST_GUARDS = 25;

/** Writes to rows that exist. What wholly happens in a helper is told where the helper itself is looked at. */
function changes(behaviour: FunctionBehaviour): readonly Write[] {
  if (behaviour.runsIn === 'browser') return [];
  return behaviour.events.filter((one): one is Write => one.kind === 'write' && one.operation !== 'insert').slice(0, MOST_WRITES);
}

function inHelper(...events: readonly Event[]): boolean {
  const helpers = events.map((one) => one.frames.find((frame) => frame.kind === 'inlined')?.id ?? null);
  return helpers[0] !== null && helpers.every((one) => one === helpers[0]);
}

/** The check nearest to the write tells the story. */
function checkedWrite(subject: Subject, write: Write): CheckedWrite | null {
  const { behaviour } = subject;
  for (const { guard, side } of guardsOf(behaviour, write)) {
    for (const mention of mentionsIn(guard.condition, side === 'then')) {
      const read = behaviour.events[mention.event];
      if (read?.kind !== 'read' || inHelper(read, guard, write) || !sameRow(read, write) || !compatible(read, write)) continue;
      const story = { read, guard, write };
      const one = mention.column === null ? claimed(subject, story, mention) : tested(subject, story, mention, mention.column);
      if (one !== null) return one;
    }
  }
  return null;
}

/** The decisions a write depends on, the nearest first. */
function guardsOf(behaviour: FunctionBehaviour, write: Write): readonly { readonly guard: Guard; readonly side: 'then' | 'else' }[] {
  const found: { guard: Guard; side: 'then' | 'else' }[] = [];
  for (const guard of behaviour.events.slice(0, write.id).reverse()) {
    const side = guard.kind === 'guard' ? sideOf(guard, write) : null;
    if (guard.kind === 'guard' && side !== null) found.push({ guard, side });
    if (found.length === MOST_GUARDS) break;
  }
  return found;
}

interface Subject {
  readonly behaviour: FunctionBehaviour;
  readonly models: Models;
  /** What a second run would do again, anywhere in the function. */
  readonly effects: readonly Event[];
}

interface Story {
  readonly read: Read;
  readonly guard: Guard;
  readonly write: Write;
}

function tested(subject: Subject, story: Story, mention: Mention, column: string): CheckedWrite | null {
  const { behaviour, models } = subject;
  const { read, write } = story;
  const assignment = write.data.find((one) => columnOf(one.column) === columnOf(column));
  if (assignment === undefined && write.operation !== 'delete') return null;
  const direction = assignment === undefined ? null : directionOf(assignment, read);
  const free = (): boolean => protectionOf(subject, read, write, column) === null;
  const transaction = sharedTransaction(behaviour.events, read, write);
  if (direction !== null) {
    const meant = mention.test === 'ordered' || (mention.test === 'greater' && direction === 'down') || (mention.test === 'less' && direction === 'up');
    if (read.library === 'parameter' && !COUNTED.test(columnOf(column))) return null;
    return meant && !isBounded(models, write, assignment, direction) && free() ? { ...story, column, kind: 'amount', direction, effect: null, transaction } : null;
  }
  // What a caller made sure of before it handed the row over is not seen here.
  if (read.library === 'parameter') return null;
  const keepsOut = assignment === undefined ? STATE.test(columnOf(column)) && mention.holds !== null : endsWith(mention, assignment.value) && !changeOnly(mention, assignment.value);
  const effect = keepsOut ? effectBehind(subject, story) : null;
  return effect === null || !free() ? null : { ...story, column, kind: 'state', direction: null, effect, transaction };
}

/** Of a row that was handed in, only what many requests count up or down is spoken of: attempts and positions belong to whoever holds the row. */
const COUNTED = /balance|credit|debit|stock|quantit|qty|inventor|seat|quota|point|usage|used|uses|remain|avail|spent|fund|coin|token|capacity|redem|sold|reserved|held|likes|votes|wallet|cash|allowance|count$|total/;

/** `if (team.name === name) return` asks whether there is anything to do: the new value is the caller's, not a state. */
function changeOnly({ test, other }: Mention, value: Expression): boolean {
  return test === 'equal' && other !== null && !isConstant(other) && sameValue(other, value);
}

/** `'PAID'`, `Status.PAID`, `PAID`. */
function isConstant(value: Expression): boolean {
  if (value.kind === 'field') return isConstant(value.of);
  return value.kind === 'literal' || (value.kind === 'parameter' && value.outer && /^[A-Z]/.test(value.name));
}

const STATE = /status|state|stage|phase|deletedat|archivedat|archived|published|completedat|usedat|^is[a-z]+ed$|active|enabled|locked|used|paid/;

/** `findFirst({ where: { code, used: false } })`, `if (!row) throw`, `update({ used: true })`. */
function claimed(subject: Subject, story: Story, mention: Mention): CheckedWrite | null {
  const { behaviour } = subject;
  const { read, write } = story;
  if (write.operation === 'delete' || read.many || read.library === 'parameter' || mention.holds !== true) return null;
  for (const part of read.key) {
    if (part.value.kind !== 'literal') continue;
    const assignment = write.data.find((one) => columnOf(one.column) === columnOf(part.column));
    if (assignment === undefined || sameValue(assignment.value, part.value)) continue;
    const effect = effectBehind(subject, story);
    if (effect !== null && protectionOf(subject, read, write, part.column) === null) return { ...story, column: part.column, kind: 'state', direction: null, effect, transaction: sharedTransaction(behaviour.events, read, write) };
  }
  return null;
}

/** Whether a column is counted up or down, by the database or from the value that was read. */
function directionOf(assignment: Assignment, read: Read): 'up' | 'down' | null {
  const { value, column } = assignment;
  const atomic = value.kind === 'binary' && [value.left, value.right].some((one) => one.kind === 'column' && columnOf(one.name) === columnOf(column));
  if (!atomic && computedFrom(value, read.id, column) !== 'number') return null;
  return isDown(value) ? 'down' : 'up';
}

function isDown(value: Expression): boolean {
  if (value.kind === 'binary' && value.operator === 'add') return value.right.kind === 'unary' && value.right.operator === 'minus' ? true : value.right.kind === 'literal' && Number(value.right.value) < 0;
  return [...walkExpression(value)].some((one) => (one.kind === 'binary' && one.operator === 'subtract') || (one.kind === 'call' && /\.(minus|sub|subtract)$/.test(one.callee)));
}

const LOG = /log|audit|event|history|activity|trace|metric|analytic|telemetry/;

/** Something that a second run past the same check does again: others see it, or it adds to the data. */
function effectBehind(subject: Subject, { read, guard, write }: Story): Event | null {
  const { behaviour, effects } = subject;
  if (effects.length === 0) return null;
  const side = sideOf(guard, write);
  // A write in a handler is what a failure leaves, not what the check was for.
  if (inHandler(write) && !inHandler(guard)) return null;
  const guards = guardsOf(behaviour, write);
  const together = (one: Event): boolean => guards.every((each) => sideOf(each.guard, one) !== (each.side === 'then' ? 'else' : 'then'));
  const reached = effects.filter((one) => one.id !== write.id && sideOf(guard, one) === side && together(one));
  return survivesRejection(subject, read, reached) ?? null;
}

function inHandler(event: Event): boolean {
  return event.frames.some((frame) => frame.kind === 'try' && frame.part === 'catch');
}

function repeats(event: Event): boolean {
  if (event.kind === 'side-effect') {
    if (event.effect === 'payment') return !/\.(del|cancel|update|retrieve)\w*$/.test(event.callee);
    return event.effect === 'mail' || event.effect === 'queue' || event.effect === 'notification' || (event.effect === 'http' && sendsData(event));
  }
  if (event.kind !== 'write' || LOG.test(event.entity ?? '')) return false;
  if (event.operation === 'insert') return event.onConflict === 'fail';
  return event.operation === 'update' && event.data.some((one) => one.value.kind === 'binary' && [one.value.left, one.value.right].some((side) => side.kind === 'column'));
}

/** Texts that are added to. A name with a suffix is a new name. */
const GROWING = /note|comment|log|history|description|content|body|message|memo|text|summary|remark/;

function staleWrite(behaviour: FunctionBehaviour, models: Models, write: Write): StaleWrite | null {
  for (const assignment of write.data) {
    for (const read of behaviour.events) {
      if (read.id > write.id) break;
      if (read.kind !== 'read' || inHelper(read, write) || !sameRow(read, write)) continue;
      const computation = computedFrom(assignment.value, read.id, assignment.column);
      if (computation === null || read.relations.some((name) => columnOf(name) === columnOf(assignment.column))) continue;
      if (read.library === 'parameter' && (computation !== 'number' || !COUNTED.test(columnOf(assignment.column)))) continue;
      // A sum kept in memory over a loop is its own: progress, totals of a batch.
      if (computation === 'number' && write.frames.some((frame) => frame.kind === 'loop' && !read.frames.some((other) => sameFrame(frame, other)))) continue;
      if (computation === 'text' && !GROWING.test(columnOf(assignment.column))) continue;
      if (protectionOf({ behaviour, models }, read, write, assignment.column) !== null) continue;
      return { read, write, assignment, computation, transaction: sharedTransaction(behaviour.events, read, write) };
    }
  }
  return null;
}
