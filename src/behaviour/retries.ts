import type { Call, Event, Exit, FunctionBehaviour, Loop, TryCatch } from './event.js';
import { walkExpression } from './expression.js';

/** Something that is tried again after each failure, without end. */
export interface EndlessRetry {
  /** The loop, or the call of the function by itself. */
  readonly again: Loop | Call;
  readonly attempt: TryCatch;
  /** What is tried. */
  readonly tried: Event;
  /** The handler lets some errors end it. */
  readonly chooses: boolean;
}

/** Loops that are meant never to end: they keep a connection, or serve whatever comes. */
const STANDING = /connect|listen|subscri|poll|watch|heartbeat|consum|serve|worker|daemon|loop|tick|keepAlive|monitor|stream|tail|pump|start$|run$/i;
const PAUSE = /sleep|delay|wait|pause|backoff|setTimeout|log|debug|warn|error|capture|report|metric|increment|record/i;
const COUNTED = /attempt|retr(y|ies)|tries|max|limit|count|deadline|timeout|elapsed|signal|abort|stop|left|remaining|depth/i;

/** Every retry of a function that nothing bounds: no counter, no deadline, no signal. */
export function endlessRetries(behaviour: FunctionBehaviour): readonly EndlessRetry[] {
  if (behaviour.runsIn === 'browser' || STANDING.test(behaviour.name)) return [];
  return [...byLoop(behaviour), ...byRecursion(behaviour)];
}

function byLoop(behaviour: FunctionBehaviour): readonly EndlessRetry[] {
  return behaviour.events.flatMap((loop) => {
    if (loop.kind !== 'loop' || !endsOnSuccess(loop) || loop.capped.length > 0 || isInlined(loop)) return [];
    const attempt = behaviour.events.find((one): one is TryCatch => one.kind === 'try-catch' && isStatement(one) && inLoop(one, loop.loop) && goesRound(behaviour, one));
    if (attempt !== undefined && endsBefore(behaviour, loop, attempt)) return [];
    const tried = attempt === undefined ? undefined : triedIn(behaviour, attempt);
    return attempt === undefined || tried === undefined ? [] : [{ again: loop, attempt, tried, chooses: chooses(behaviour, attempt) }];
  });
}

/** What it tries is all that ends it: behind a loop without a condition, or with a flag for one. */
function endsOnSuccess(loop: Loop): boolean {
  return loop.bound === 'success' || (loop.bound === 'forever' && loop.leaves);
}

/** A condition in the handler leaves on one of its sides: not every error is tried again. */
function chooses(behaviour: FunctionBehaviour, attempt: TryCatch): boolean {
  const leaves = (exit: Exit | null): boolean => exit !== null && exit !== 'continue';
  return behaviour.events.some((one) => one.kind === 'guard' && inHandler(one, attempt) && (leaves(one.whenTrue) || leaves(one.whenFalse)));
}

function isInlined(event: Event): boolean {
  return event.frames.some((frame) => frame.kind === 'inlined');
}

/** A `catch` of a statement. What `.catch(() => '')` gives goes on with the line it stands in. */
function isStatement(attempt: TryCatch): boolean {
  return /^catch\b/.test(attempt.text);
}

/** Its innermost loop is this one, and it is not handed to somebody who runs it for each of many. */
function inLoop(event: Event, loop: number): boolean {
  const at = event.frames.findLastIndex((frame) => frame.kind === 'loop');
  const last = event.frames[at];
  return last?.kind === 'loop' && last.id === loop && !event.frames.slice(at + 1).some((frame) => frame.kind === 'callback');
}

/** The loop may end before it tries: there is no more work. Then it goes through a list, and does not try one thing again. */
function endsBefore(behaviour: FunctionBehaviour, loop: Loop, attempt: TryCatch): boolean {
  return behaviour.events.some((one) => one.kind === 'guard' && one.id > loop.id && one.id < attempt.id && inLoop(one, loop.loop) && [one.whenTrue, one.whenFalse].some((exit) => exit === 'return' || exit === 'break' || exit === 'throw'));
}

/** The handler neither leaves the loop nor throws on every way. */
function goesRound(behaviour: FunctionBehaviour, attempt: TryCatch): boolean {
  const { handler } = attempt;
  if (handler === null || handler.exit === 'throw' || handler.exit === 'return' || handler.exit === 'break' || handler.exit === 'end') return false;
  // A handler that does something about the failure does not merely try again.
  return !behaviour.events.some((one) => inHandler(one, attempt) && ((one.kind === 'guard' && COUNTED.test(one.text)) || (one.kind === 'call' && !PAUSE.test(one.callee)) || one.kind === 'write' || one.kind === 'side-effect'));
}

function inHandler(event: Event, attempt: TryCatch): boolean {
  return event.frames.some((frame) => frame.kind === 'try' && frame.id === attempt.try && frame.part === 'catch');
}

/** The first thing in the `try` that can fail because of somebody else. */
function triedIn(behaviour: FunctionBehaviour, attempt: TryCatch): Event | undefined {
  return behaviour.events.find((one) => {
    if (!one.frames.some((frame) => frame.kind === 'try' && frame.id === attempt.try && frame.part === 'try')) return false;
    return one.kind === 'side-effect' || one.kind === 'read' || one.kind === 'write' || one.kind === 'count' || (one.kind === 'call' && one.promise === 'awaited' && !/sleep|delay|wait|timeout/i.test(one.name));
  });
}

function byRecursion(behaviour: FunctionBehaviour): readonly EndlessRetry[] {
  return behaviour.events.flatMap((call) => {
    if (call.kind !== 'call' || !isItself(behaviour, call) || isInlined(call)) return [];
    const attempt = behaviour.events.find((one): one is TryCatch => one.kind === 'try-catch' && inHandler(call, one));
    if (attempt === undefined || isCounted(behaviour, call)) return [];
    const tried = triedIn(behaviour, attempt);
    return tried === undefined ? [] : [{ again: call, attempt, tried, chooses: chooses(behaviour, attempt) }];
  });
}

function isItself(behaviour: FunctionBehaviour, call: Call): boolean {
  return call.name === behaviour.name && behaviour.name !== '<anonymous>' && (call.callee === behaviour.name || call.callee === `this.${behaviour.name}`);
}

/** An argument counts, or a condition before the call does; or the call hands on something that changed. */
function isCounted(behaviour: FunctionBehaviour, call: Call): boolean {
  const changes = call.arguments.some((one) => one.kind !== 'parameter' && [...walkExpression(one)].some((part) => part.kind === 'binary' || part.kind === 'literal' || part.kind === 'call' || part.kind === 'result' || part.kind === 'object'));
  if (changes) return true;
  if (behaviour.events.some((one) => one.kind === 'call' && one.id < call.id && /^throwIf(Abort|Cancel|Stop|Clos)/i.test(one.name) && !one.frames.some((frame) => frame.kind === 'try' && frame.part === 'try'))) return true;
  return behaviour.events.some((one) => one.kind === 'guard' && one.id < call.id && (COUNTED.test(one.text) || /\.status|\bcode\b|token|expired|unauthori/i.test(one.text)));
}
