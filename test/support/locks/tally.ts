import type { Outcome, Verdict } from './agree.js';

/** Counts of what the model said of statements that a server ran. */
export interface Tally {
  readonly statements: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Statements that the server refused whatever the rows, and how many of them the model refuses. */
  readonly refused: number;
  readonly refusalsFound: number;
  /** Statements that the server ran, on which the model spoke of a refusal. */
  readonly falseRefusals: number;
  /** Heavy as measured, heavy as classified, and both. */
  readonly heavy: number;
  readonly calledHeavy: number;
  readonly bothHeavy: number;
  /** Statements that the server ran, and those on which every lock is exact. */
  readonly ran: number;
  readonly exactLocks: number;
  readonly sameClass: number;
}

export function tally(outcomes: readonly Outcome[]): Tally {
  const count = (test: (outcome: Outcome) => boolean): number => outcomes.filter(test).length;
  const verdict = (name: Verdict): number => count((outcome) => outcome.verdict === name);
  const knowable = (outcome: Outcome): boolean => outcome.observed.error !== null && outcome.verdict !== 'rows' && outcome.verdict !== 'unknown';
  const ran = (outcome: Outcome): boolean => outcome.observed.error === null;
  return {
    statements: outcomes.length,
    verdicts: { agrees: verdict('agrees'), planned: verdict('planned'), rows: verdict('rows'), unknown: verdict('unknown'), differs: verdict('differs') },
    refused: count(knowable),
    refusalsFound: count((outcome) => knowable(outcome) && outcome.effect.error !== undefined),
    falseRefusals: count((outcome) => ran(outcome) && outcome.effect.error !== undefined),
    heavy: count((outcome) => outcome.observed.class === 'heavy'),
    calledHeavy: count((outcome) => ran(outcome) && outcome.effect.class === 'heavy'),
    bothHeavy: count((outcome) => outcome.observed.class === 'heavy' && outcome.effect.class === 'heavy'),
    ran: count(ran),
    exactLocks: count((outcome) => ran(outcome) && !outcome.differences.some((each) => each === 'locks' || each === 'false error')),
    sameClass: count((outcome) => ran(outcome) && outcome.observed.class === outcome.effect.class),
  };
}

/** Of all statements on which the two can agree, those on which they do. */
export function agreement({ statements, verdicts }: Tally): number {
  const compared = statements - verdicts.rows - verdicts.unknown;
  return compared === 0 ? 1 : (verdicts.agrees + verdicts.planned) / compared;
}
