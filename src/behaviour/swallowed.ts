import type { Event, FunctionBehaviour, Handler, SideEffect, TryCatch, Write } from './event.js';
import { walkExpression } from './expression.js';
import { isSentOff } from './timeline.js';

/** A handler that lets the failure of something that matters disappear. */
export interface Swallowed {
  readonly attempt: TryCatch;
  readonly handler: Handler;
  /** The write or effect whose failure nobody learns of. */
  readonly lost: Write | SideEffect;
}

/** Records beside the work: losing one is a choice many make. */
const BESIDE = /^((audit|event|activity|access|error|request|search|change|mail|email)?log(s|ged|ger|gers|ging)?|audit(s|ed|ing)?|events?|histor(y|ies)|activit(y|ies)|trac(e|es|ing)|metrics?|analytics?|telemetry|stats?|statistics?|visits?|visitors?|(page)?views?|viewed|clicks?|sessions?|caches?|cached|presence|seen|notifications?|heartbeats?|usages?)$/;
/** Columns in which it is noted that somebody was here. */
const NOTED = /^last_?(used|seen|login|active|activity|accessed|viewed|synced|checked|ping)\w*$|^(viewed|seen|accessed|used|visited)_?(at|on)$/i;
const MONEY = /payment|invoice|charge|refund|payout|order|subscription|balance|wallet|ledger|credit|stock|inventory|quota|billing|purchase|transfer|withdraw|deposit/i;
/** Functions that by their name write down what others do: where that is a payment, it is the work. */
const RECORDING = /^(track(s|ed|er|ing)?|log(s|ged|ger|ging)?|audit(s|ed|or|ing)?|metrics?|analytics?|warm(s|ed|er|ing|up)?|caches?|cached|caching|report(s|ed|er|ing)?|touch(es|ed)?|seen|heartbeats?)$/;
/** Functions that by their name clear up after the work, or promise nothing. */
const CLEARING = /^(clean(s|ed|er|ing|up)?|prun(e|es|ed|er|ing)|purg(e|es|ed|er|ing)|expired|retention|stale|rollbacks?|roll|rolled|compensat(e|es|ed|ing|ion|ions|or)|revert(s|ed|ing)?|undo|undone|dispos(e|es|ed|er|al)|clos(e|es|ed|er|ing)|shut|shutdown|tear|teardown|best|optional|optionally|maybe|safe|safely|try|tries|tried|trying|backfill(s|ed|er|ing)?|migrat(e|es|ed|ing|ion|ions|or)|seed(s|ed|er|ing)?)$/;
/** What is paid for, by the name of the function that does it. */
const PAYING = /^(pay|pays|paid|paying|capture|captures|payments?|invoices?|charges?|refunds?|payouts?|billing|purchases?|withdraw|withdrawals?|deposits?)$/;

/** The words a name is made of, in small letters: `saveCatalogPayment` is save, catalog, payment. */
function wordsOf(name: string): readonly string[] {
  return name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2').toLowerCase().split(/[^a-z\d]+/);
}

function speaksOf(name: string, words: RegExp): boolean {
  return wordsOf(name).some((word) => words.test(word));
}

/** Whether the function does something beside the work, or clears up after it. Money is never beside the work. */
function isBesideWork(name: string): boolean {
  return speaksOf(name, CLEARING) || (speaksOf(name, RECORDING) && !speaksOf(name, PAYING));
}

/** What a job or a command does is said by the name of its class. */
function nameOfWork({ name, symbol }: FunctionBehaviour): string {
  return /^(handle|execute|__invoke|run|process)$/.test(name) ? symbol : name;
}

/** Every handler of a function that hides a failed write, payment or job. */
export function swallowedIn(behaviour: FunctionBehaviour): readonly Swallowed[] {
  if (behaviour.runsIn === 'browser' || isBesideWork(nameOfWork(behaviour))) return [];
  return behaviour.events.flatMap((event) => {
    if (event.kind !== 'try-catch' || event.handler === null || event.frames.some((frame) => frame.kind === 'inlined')) return [];
    const lost = lostIn(behaviour, event, event.handler);
    return lost === null ? [] : [{ attempt: event, handler: event.handler, lost }];
  });
}

function lostIn(behaviour: FunctionBehaviour, attempt: TryCatch, handler: Handler): Write | SideEffect | null {
  if (handler.explained || handler.recognises.length > 0 || handler.exit === 'throw') return null;
  if (handler.outcome !== 'empty' && handler.outcome !== 'log-only' && handler.outcome !== 'success') return null;
  // A failure inside a handler, or while a transaction is rolled back, has a cause that was already told.
  if (attempt.frames.some((frame) => frame.kind === 'try' && frame.part !== 'try')) return null;
  if (goesOn(behaviour, attempt, handler)) return null;
  const inside = behaviour.events.filter((one): one is Write | SideEffect => (one.kind === 'write' || one.kind === 'side-effect') && belongsTo(one, attempt) && reaches(behaviour, one, attempt, handler));
  return inside.find((one) => weighs(behaviour, one, handler)) ?? null;
}

/**
 * Whether the failure gets to the handler at all. What nobody waits for in a `try` fails past its `catch`; and whoever sends
 * something off on purpose, with a handler that logs, has said what is to become of its failure.
 */
function reaches(behaviour: FunctionBehaviour, event: Write | SideEffect, attempt: TryCatch, handler: Handler): boolean {
  const { promise } = event;
  if (!/^catch\b/.test(attempt.text) && (isSentOff(behaviour, event) || isSentOff(behaviour, attempt))) return false;
  if (/^catch\b/.test(attempt.text)) return promise !== 'dropped' && promise !== 'voided' && promise !== 'returned';
  return promise !== 'handled' || handler.outcome !== 'log-only';
}

/** Directly in this `try`, not in one inside it that has a handler of its own. */
function belongsTo(event: Event, attempt: TryCatch): boolean {
  const last = event.frames.findLast((frame) => frame.kind === 'try');
  return last?.kind === 'try' && last.id === attempt.try && last.part === 'try';
}

/** One element of many failed, or one attempt of several: the others go on, and that is what the handler is for. */
function goesOn(behaviour: FunctionBehaviour, attempt: TryCatch, handler: Handler): boolean {
  const repeated = attempt.frames.some((frame) => frame.kind === 'loop' || (frame.kind === 'callback' && frame.runs === 'many'));
  if (repeated && handler.outcome !== 'empty') return true;
  return behaviour.entry === 'schedule' && handler.outcome === 'log-only';
}

function weighs(behaviour: FunctionBehaviour, event: Write | SideEffect, handler: Handler): boolean {
  if (learnsLater(behaviour, event)) return false;
  // A function of the file that clears up, shown in place of its call.
  if (event.frames.some((frame) => frame.kind === 'inlined' && isBesideWork(frame.name))) return false;
  if (event.kind === 'side-effect') {
    if (event.effect === 'payment') return !/cancel|del|void/i.test(event.callee);
    return event.effect === 'queue' && (handler.outcome === 'success' || handler.outcome === 'empty');
  }
  if (speaksOf(event.entityName, BESIDE) || (event.data.length > 0 && event.data.every((one) => NOTED.test(one.column)))) return false;
  // A write that throws when its own condition does not hold: the handler is for that.
  if (event.failsWhenMissing && handler.outcome === 'empty' && event.key.some((part) => part.value.kind === 'literal')) return false;
  if (event.library === 'repository') return handler.outcome === 'success';
  if (event.operation === 'delete') return handler.outcome === 'success';
  if (handler.outcome !== 'log-only') return true;
  return behaviour.entry !== null || MONEY.test(event.entityName) || MONEY.test(behaviour.name);
}

/** The result is tested or returned behind the handler: whoever waits for it sees that there is none. */
function learnsLater(behaviour: FunctionBehaviour, event: Write | SideEffect): boolean {
  return behaviour.events.some((one) => {
    if (one.id < event.id || (one.kind !== 'guard' && one.kind !== 'return')) return false;
    if (one.frames.some((frame) => frame.kind === 'try' && event.frames.some((other) => other.kind === 'try' && other.id === frame.id && frame.part === 'try'))) return false;
    const value = one.kind === 'guard' ? one.condition : one.value;
    return value !== null && [...walkExpression(value)].some((part) => (part.kind === 'result' || part.kind === 'affected') && part.event === event.id);
  });
}
