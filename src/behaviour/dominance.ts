import type { Event, Frame, Guard } from './event.js';

/**
 * Whether `before` has run whenever `after` runs. An event in a `try` is taken to have run for what follows the `try`:
 * what a failure changes is the handler's matter.
 */
export function dominates(before: Event, after: Event): boolean {
  if (before.id >= after.id) return false;
  return before.frames.every((frame) => !conditional(frame) || after.frames.some((other) => sameFrame(frame, other)));
}

/** Whether two events can run in one and the same run of the function. */
export function compatible(one: Event, other: Event): boolean {
  return one.frames.every((frame) => {
    if (frame.kind !== 'branch') return true;
    const twin = other.frames.find((each) => each.kind === 'branch' && each.id === frame.id);
    return twin === undefined || sameFrame(frame, twin);
  });
}

/** What is inside may not run at all, or only later. */
function conditional(frame: Frame): boolean {
  if (frame.kind === 'branch' || frame.kind === 'loop') return true;
  if (frame.kind === 'callback') return frame.runs !== 'once';
  return frame.kind === 'try' && frame.part === 'catch';
}

export function sameFrame(one: Frame, other: Frame): boolean {
  if (one.kind !== other.kind || one.id !== other.id) return false;
  if (one.kind === 'branch') return other.kind === 'branch' && one.arm === other.arm;
  if (one.kind === 'try') return other.kind === 'try' && one.part === other.part;
  return one.kind !== 'parallel' || (other.kind === 'parallel' && one.arm === other.arm);
}

/**
 * The side of a decision on which an event runs: it stands in that branch, or the other side leaves before it. null when
 * the decision does not matter to it.
 */
export function sideOf(guard: Guard, event: Event): 'then' | 'else' | null {
  for (const frame of event.frames) if (frame.kind === 'branch' && frame.id === guard.branch) return frame.arm;
  if (event.id < guard.id || !(dominates(guard, event) || passedForEach(guard, event))) return null;
  if (guard.whenTrue !== null && guard.whenFalse === null && leavesBefore(guard, guard.whenTrue, event)) return 'else';
  if (guard.whenFalse !== null && guard.whenTrue === null && leavesBefore(guard, guard.whenFalse, event)) return 'then';
  return null;
}

/**
 * Whether a decision that was taken for each element of a list lies behind: `for (…) { if (…) throw }` before another pass
 * over the list. Only what leaves the function, or throws out of it, keeps the later pass from running.
 */
function passedForEach(guard: Guard, event: Event): boolean {
  const exits = [guard.whenTrue, guard.whenFalse].filter((one) => one !== null);
  if (exits.length !== 1 || (exits[0] !== 'throw' && exits[0] !== 'return' && exits[0] !== 'end')) return false;
  return guard.frames.every((frame) => !conditional(frame) || event.frames.some((other) => sameFrame(frame, other)) || repeats(frame));
}

function repeats(frame: Frame): boolean {
  return frame.kind === 'loop' || (frame.kind === 'callback' && frame.runs === 'many');
}

/** Whether leaving at the guard keeps the event from running. */
function leavesBefore(guard: Guard, exit: NonNullable<Guard['whenTrue']>, event: Event): boolean {
  if (exit === 'end') return true;
  return guard.frames.every((frame) => event.frames.some((other) => sameFrame(frame, other)) || !stops(frame, exit));
}

/** Whether an exit inside a frame goes no further than the frame. */
function stops(frame: Frame, exit: NonNullable<Guard['whenTrue']>): boolean {
  if (frame.kind === 'loop') return exit === 'continue' || exit === 'break';
  if (frame.kind === 'callback' || frame.kind === 'transaction' || frame.kind === 'lock' || frame.kind === 'inlined') return exit !== 'throw' || (frame.kind === 'callback' && frame.runs === 'later');
  return frame.kind === 'try' && frame.part === 'try' && exit === 'throw';
}
