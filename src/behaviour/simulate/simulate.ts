import { initialStates, type StateBounds } from './initial-states.js';
import type { Context, Program, Term } from './program.js';
import { replay, search, type Bounds } from './search.js';
import { shrunk } from './shrink.js';
import type { Choice, Happened } from './step.js';
import type { Break, InitialState, Subject } from './world.js';

/** An order of steps that ends as no order of whole runs would. It has been replayed. */
export interface Witness {
  readonly programs: readonly Program[];
  readonly context: Context;
  readonly initial: InitialState;
  readonly schedule: readonly Choice[];
  readonly happened: readonly Happened[];
  readonly broken: Break;
  readonly switches: number;
}

export type Simulated =
  | { readonly status: 'witness'; readonly witness: Witness; readonly states: number }
  /** Every schedule within the bounds was looked at. */
  | { readonly status: 'silent'; readonly states: number }
  /** Nothing is known: no state to begin with, or more to look at than the bounds allow. */
  | { readonly status: 'not-analysed'; readonly reason: 'no-initial-state' | 'too-large'; readonly states: number };

export interface SimulationBounds extends Bounds, StateBounds {
  /** States in all. */
  readonly total: number;
}

export const BOUNDS: SimulationBounds = { switches: 3, states: 4_000, candidates: 1_200, kept: 48, total: 30_000 };

/** Longer programs are searched with fewer switches: every race known needed one. */
const LONG = 12;

/** Whether programs that run at once can end as they never do one after the other. Pure: the same question has the same answer. */
export function simulate(programs: readonly Program[], context: Context, bounds: SimulationBounds = BOUNDS): Simulated {
  const subject: Subject = { programs: programs.map(shrunk), context };
  const { states: begins, cut: someLeftOut } = initialStates(subject, bounds);
  if (begins.length === 0) return { status: 'not-analysed', reason: someLeftOut ? 'too-large' : 'no-initial-state', states: 0 };
  const long = programs.some((one) => one.operations.length > LONG);
  let states = 0;
  let cut = false;
  for (const initial of begins) {
    const searched = search(subject, initial, { switches: long ? Math.min(2, bounds.switches) : bounds.switches, states: bounds.states });
    states += searched.states;
    cut ||= searched.cut;
    const { found } = searched;
    if (found !== null) {
      const again = replay(subject, initial, found.schedule);
      const same = again !== null && again.world.breaks.some((one) => one.kind === found.broken.kind && one.run === found.broken.run);
      if (same) return { status: 'witness', states, witness: { ...subject, initial, ...found } };
    }
    if (states > bounds.total) return { status: 'not-analysed', reason: 'too-large', states };
  }
  // A bound on switches is part of the question; a bound on states leaves it open.
  return cut ? { status: 'not-analysed', reason: 'too-large', states } : { status: 'silent', states };
}

/** The condition that is always met. */
export const ALWAYS: Term = { kind: 'value', value: true };
