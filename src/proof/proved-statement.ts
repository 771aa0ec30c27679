import type { LockStatement } from '../core/lock-report.js';
import type { ProvedStatement } from '../core/proof-report.js';
import { isStronger } from '../migrations/effects/lock-mode.js';
import type { ClassifiedStatement } from '../migrations/lock-statements.js';
import type { LockMode } from '../migrations/step.js';
import { blockedBy } from './blocks.js';
import type { RanStatement } from './run-direction.js';
import type { SentStatement } from './sent-statements.js';

/** What the classifier says of a statement, on the version of the target and on the one that ran. */
export interface Expected {
  readonly target: ClassifiedStatement | undefined;
  readonly server: ClassifiedStatement | undefined;
}

type Direction = LockStatement['direction'];

function blank({ path, line, endLine, text }: SentStatement, direction: Direction, inTransaction: boolean): ProvedStatement {
  return { path, line, endLine, statement: text, direction, locks: {}, rewrite: [], scan: [], class: 'safe', inTransaction, source: 'documented', blocks: '', milliseconds: null, indexRebuild: [], held: {} };
}

/** A statement as the classifier knows it. */
export function expectedStatement(sent: SentStatement, direction: Direction, { target }: Expected): ProvedStatement {
  const base = blank(sent, direction, target?.statement.inTransaction ?? false);
  return target === undefined ? base : { ...base, ...target.statement, line: sent.line, endLine: sent.endLine, blocks: blockedBy(target.statement.locks), indexRebuild: target.effect.indexRebuild };
}

/** Whether the two versions do the same for this statement: only then what one of them did says what the other does. */
function sameOnBoth({ target, server }: Expected): boolean {
  const text = (one: ClassifiedStatement | undefined): string => JSON.stringify(one === undefined ? null : [one.effect.modes, one.effect.rewrite, one.effect.scan, one.effect.indexRebuild, one.effect.class, one.effect.error ?? null]);
  return target === server || text(target) === text(server);
}

/** The locks that others meet while a statement runs: those it takes, and what its transaction holds already on the relations it takes or works through. */
function whileItRuns(locks: Readonly<Record<string, string>>, held: Readonly<Record<string, string>>, worked: readonly string[]): Readonly<Record<string, string>> {
  const own = [...new Set([...Object.keys(locks), ...worked.filter((key) => key in held)])];
  return Object.fromEntries(own.map((key) => [key, strongerOf(locks[key], held[key])]));
}

function strongerOf(one: string | undefined, other: string | undefined): string {
  if (one === undefined || other === undefined) return one ?? other ?? '';
  return isStronger(other as LockMode, one as LockMode) ? other : one;
}

/** A statement as it ran. */
export function provedStatement(one: RanStatement, direction: Direction, expected: Expected): ProvedStatement {
  const { sent, observation, refusal, leftOut, milliseconds, inTransaction, rewrittenOutside } = one;
  const known = expectedStatement(sent, direction, expected);
  if (leftOut !== null) return leftOut.harmless ? known : { ...known, notAnalysed: leftOut.reason };
  if (refusal !== null) return { ...blank(sent, direction, inTransaction), class: 'error', error: refusal.message, sqlstate: refusal.code, source: 'observed', milliseconds };
  if (observation === null) return { ...known, rewrite: [...new Set([...known.rewrite, ...rewrittenOutside])].sort(), inTransaction, source: 'documented', milliseconds };
  if (!sameOnBoth(expected)) return { ...known, milliseconds };
  const { locks, rewrite, scan, indexRebuild, class: weight, held } = observation;
  return { ...blank(sent, direction, inTransaction), locks, rewrite, scan, class: weight, source: 'observed', blocks: blockedBy(whileItRuns(locks, held, [...rewrite, ...scan])), milliseconds, indexRebuild, held };
}
