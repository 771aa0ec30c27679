import { initialStates } from '../../../src/behaviour/simulate/initial-states.js';
import { isOver } from '../../../src/behaviour/simulate/search.js';
import { opened } from '../../../src/behaviour/simulate/serial-ends.js';
import { shrunk } from '../../../src/behaviour/simulate/shrink.js';
import { BOUNDS, simulate } from '../../../src/behaviour/simulate/simulate.js';
import { isReady, step, type Choice } from '../../../src/behaviour/simulate/step.js';
import type { InitialState, Subject, World } from '../../../src/behaviour/simulate/world.js';
import type { Shape } from './shapes.js';

export interface Played {
  readonly subject: Subject;
  readonly initial: InitialState;
}

/** A shape with the state its witness begins with, or the first in which its runs meet. null: there is none. */
export function begun({ programs, context }: Shape): Played | null {
  const subject = { programs: programs.map(shrunk), context };
  const simulated = simulate(programs, context);
  const initial = simulated.status === 'witness' ? simulated.witness.initial : initialStates(subject, BOUNDS).states[0];
  return initial === undefined ? null : { subject, initial };
}

/** Every schedule from a state on, none merged, with at most so many switches from a run that could have gone on. */
export function* schedules({ subject, initial }: Played, switches: number): Generator<readonly Choice[]> {
  function* from(world: World, last: number | null, left: number, path: readonly Choice[]): Generator<readonly Choice[]> {
    if (isOver(world)) {
      if (world.runs.every((run) => run.outcome !== null && run.outcome.kind !== 'hung')) yield path;
      return;
    }
    const goesOn = last !== null && isReady(world, last);
    for (const run of world.runs.keys()) {
      const rest = goesOn && run !== last ? left - 1 : left;
      if (!isReady(world, run) || rest < 0) continue;
      // The server ends whose wait closes the circle; to end the other one, let the runs change places.
      for (const next of step(world, run, subject)) if (next.choice.victim === null || next.choice.victim === run) yield* from(next.world, run, rest, [...path, next.choice]);
    }
  }
  yield* from(opened(subject, initial), null, switches, []);
}
