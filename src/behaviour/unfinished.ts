import { sendsData } from './sends-data.js';
import { isSentOff } from './timeline.js';
import type { Call, Event, FunctionBehaviour, SideEffect, TryCatch, Write } from './event.js';

/** A write or an effect whose promise nobody waits for. */
export interface Unfinished {
  readonly event: Write | SideEffect | Call;
  /** What is left to chance, in the author's words: the write or effect itself, or the one inside a called function. */
  readonly effect: string;
  /** The library builds a query and sends it only when somebody waits: it never runs. */
  readonly neverRuns: boolean;
}

/** Queries of these libraries are sent when they are awaited, not before. */
const LAZY = new Set(['prisma', 'knex', 'drizzle', 'postgrest', 'objection']);
/** Functions that set something going and are meant to come back at once. */
const STARTERS = /^(start|init|initialize|run|listen|bootstrap|main|setup|connect|boot|launch|constructor|onModuleInit|onApplicationBootstrap|componentDidMount|mounted|register\w*|schedule\w*|poll\w*|watch\w*|loop|tick|subscribe\w*)$/i;

/** Every write, effect, or call of an async function with one, that is neither awaited, returned, stored nor handled. */
export function unfinishedIn(behaviour: FunctionBehaviour): readonly Unfinished[] {
  if (behaviour.runsIn === 'browser' || STARTERS.test(behaviour.name)) return [];
  return behaviour.events.flatMap((event) => {
    if (event.frames.some((frame) => frame.kind === 'inlined') || isSentOff(behaviour, event)) return [];
    const one = unfinished(behaviour, event);
    return one === null ? [] : [one];
  });
}

function unfinished(behaviour: FunctionBehaviour, event: Event): Unfinished | null {
  if (event.kind === 'write') return unfinishedWrite(behaviour, event);
  if (event.kind === 'side-effect' && behaviour.async && event.promise === 'dropped' && matters(event)) return { event, effect: event.text, neverRuns: false };
  return event.kind === 'call' ? unfinishedCall(behaviour, event) : null;
}

function unfinishedWrite(behaviour: FunctionBehaviour, event: Write): Unfinished | null {
  // `void` says that nobody waits on purpose; a query that is never sent is not what it means.
  if (event.promise !== 'dropped' && (event.promise !== 'voided' || !LAZY.has(event.library))) return null;
  if (event.library === 'repository' && !behaviour.async) return null;
  const neverRuns = LAZY.has(event.library);
  return { event, effect: event.text, neverRuns };
}

function matters(event: SideEffect): boolean {
  // `enqueue(…)` of another file may only note something down; a queue's own `add` returns a promise.
  if (event.effect === 'queue' && !event.callee.includes('.')) return false;
  return event.effect === 'payment' || event.effect === 'mail' || event.effect === 'queue' || event.effect === 'notification' || (event.effect === 'http' && sendsData(event));
}

function unfinishedCall(behaviour: FunctionBehaviour, event: Call): Unfinished | null {
  const { target } = event;
  if (target === null || !target.async || target.effect === null || event.promise !== 'dropped' || !behaviour.async) return null;
  if (target.name === behaviour.name || STARTERS.test(target.name)) return null;
  const inside = behaviour.events.filter((one) => one.frames.some((frame) => frame.kind === 'inlined' && frame.call.startLine === event.span.startLine && frame.call.startColumn === event.span.startColumn));
  const effects = inside.filter((one) => one.kind === 'write' || (one.kind === 'side-effect' && matters(one)));
  const [first] = effects;
  // A function that catches all its own errors, or loops for ever, is meant to run by itself.
  if (first === undefined || effects.every((one) => isHandled(inside, one)) || inside.some((one) => one.kind === 'loop' && one.bound === 'forever')) return null;
  return { event, effect: first.text, neverRuns: false };
}

function isHandled(events: readonly Event[], event: Event): boolean {
  return events.some((one): one is TryCatch => one.kind === 'try-catch' && one.handler !== null && one.handler.outcome !== 'rethrows' && event.frames.some((frame) => frame.kind === 'try' && frame.id === one.try && frame.part === 'try'));
}
