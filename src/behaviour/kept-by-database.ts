import { dominates, sameFrame } from './dominance.js';
import { columnOf } from './entity.js';
import type { Assignment, Event, FunctionBehaviour, Read, Write } from './event.js';
import { partsOf } from './expression.js';
import type { Expression } from './expression.js';
import type { Models } from './models/models.js';
import { sameValue } from './same-row.js';

/** Whether the database itself refuses to count a column past its bound (`CHECK (balance >= 0)`): both statements run on its own value. */
export function isBounded(models: Models, write: Write, assignment: Assignment | undefined, direction: 'up' | 'down'): boolean {
  if (assignment === undefined || write.entity === null) return false;
  const own = assignment.value.kind === 'binary' && [assignment.value.left, assignment.value.right].some((one) => one.kind === 'column');
  return own && (models.bounds.get(write.entity) ?? []).some((one) => one.column === columnOf(assignment.column) && one.direction === direction);
}

/**
 * The first of some effects that a second run really has once more. A row that the database takes only once is refused: it
 * has no effect, and neither has what comes behind it, or what its transaction takes back.
 */
export function survivesRejection({ behaviour, models }: { readonly behaviour: FunctionBehaviour; readonly models: Models }, read: Read, effects: readonly Event[]): Event | undefined {
  const refused = effects.filter((one): one is Write => one.kind === 'write' && isTakenOnce(behaviour, models, read, one));
  return effects.find((one) => !refused.some((insert) => insert === one || isStopped(behaviour, insert, one)));
}

function isStopped(behaviour: FunctionBehaviour, insert: Write, effect: Event): boolean {
  if (effect.kind === 'write' && effect.handle.transaction !== null && effect.handle.transaction === insert.handle.transaction) return true;
  return dominates(insert, effect) && !isCaughtBefore(behaviour, insert, effect);
}

/** A handler takes the failure and goes on. */
function isCaughtBefore(behaviour: FunctionBehaviour, insert: Write, effect: Event): boolean {
  const left = insert.frames.filter((frame) => frame.kind === 'try' && frame.part === 'try' && !effect.frames.some((other) => sameFrame(frame, other)));
  return left.some((frame) => behaviour.events.some((one) => one.kind === 'try-catch' && one.try === frame.id && one.handler !== null && one.handler.exit === null));
}

/**
 * Whether the database takes an insert once for each row that was checked: a unique key of its table is made of values that
 * every run which reads that row has in common. Who asks is not one of them: two people may use one invitation.
 */
function isTakenOnce(behaviour: FunctionBehaviour, models: Models, read: Read, write: Write): boolean {
  if (write.operation !== 'insert' || write.onConflict !== 'fail' || write.entity === null) return false;
  const given = (column: string): boolean => write.data.some((one) => isFor(one, column) && isCommon(behaviour, read, one.value, 0));
  return (models.unique.get(write.entity) ?? []).some((key) => key.every(given));
}

/** `userId`, or `user: { connect: { id } }`. */
function isFor({ column, value }: Assignment, key: string): boolean {
  const name = columnOf(column);
  return name === key || (`${name}id` === key && value.kind === 'object' && value.properties.some((one) => one.name === 'connect'));
}

const FARTHEST = 4;

/** A value is the same in every run that reads the row: it is the row's, by which the row was found, or of a row found by such. */
function isCommon(behaviour: FunctionBehaviour, read: Read, value: Expression, depth: number): boolean {
  if (depth > FARTHEST || value.kind === 'now' || value.kind === 'opaque') return false;
  if (read.key.some((part) => sameValue(part.value, value))) return true;
  if (value.kind === 'parameter') return value.outer && /^[A-Z]/.test(value.name);
  if (value.kind === 'result') {
    const event = behaviour.events[value.event];
    if (event?.kind !== 'read') return false;
    return event.id === read.id || event.id === read.within || event.within === read.id || (event.key.length > 0 && event.key.every((part) => isCommon(behaviour, read, part.value, depth + 1)));
  }
  if (value.kind === 'call' && !PLAIN.test(value.callee)) return false;
  return partsOf(value).every((part) => isCommon(behaviour, read, part, depth));
}

const PLAIN = /(^|\.)(toLowerCase|toUpperCase|trim|toString|String|Number)$/;
