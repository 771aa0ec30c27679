import type { Evidence, ScheduleStep } from '../../core/finding.js';
import type { FunctionBehaviour } from '../event.js';
import type { Context, Engine } from '../simulate/program.js';
import { simulate, type SimulationBounds, type Witness } from '../simulate/simulate.js';
import { compileRace, type Focus } from './compile-race.js';

/** What the simulator says of a race. */
export type Witnessed =
  | { readonly status: 'witness'; readonly witness: Witness }
  /** No order of steps breaks anything. */
  | { readonly status: 'silent' }
  /** It cannot be said in the simulator's terms, or is more than its bounds allow. */
  | { readonly status: 'not-analysed' };

/** A race of one row is small; what is larger is not worth a reviewer's wait. */
const BOUNDS: SimulationBounds = { switches: 2, states: 400, candidates: 400, kept: 16, total: 2_500 };

/** Nobody says which database it is: what is claimed has to hold in both. */
const ENGINES: readonly Engine[] = ['postgres', 'innodb'];

/** Runs a race twice at once under the isolation levels that Postgres and MySQL have by default. */
export function witnessOf(behaviour: FunctionBehaviour, focus: Focus): Witnessed {
  const program = compileRace(behaviour, focus);
  if (program === null) return { status: 'not-analysed' };
  const found: Witness[] = [];
  for (const engine of ENGINES) {
    const simulated = simulate([program, program], contextFor(engine), BOUNDS);
    if (simulated.status !== 'witness') return { status: simulated.status };
    found.push(simulated.witness);
  }
  const [first] = found;
  return first === undefined ? { status: 'not-analysed' } : { status: 'witness', witness: first };
}

/** A mutex counts as a lock: where there is one process, it is. */
function contextFor(engine: Engine): Context {
  return { engine, isolation: engine === 'postgres' ? 'read-committed' : 'repeatable-read', isolationSource: 'assumed', unique: [], singleProcess: true };
}

/** A witness as a timeline in the author's own lines: statements in their order, and with each the checks and effects that follow on it. */
export function timelineOf(witness: Witness, text: string): Evidence {
  const steps: ScheduleStep[] = [];
  const names = actorsOf(witness);
  for (const { run, at, what, refusal } of witness.happened) {
    const operations = witness.programs[run]?.operations ?? [];
    const operation = operations[at];
    if (operation === undefined || what === 'waits') continue;
    const say = (one: { readonly line: number; readonly text: string }, suffix = ''): void => {
      if (one.line > 0) steps.push({ actor: names[run] ?? 'A', line: one.line, text: `${one.text}${suffix}` });
    };
    if (what === 'refused') {
      say(operation, ` → ${refusal ?? 'refused'}`);
      continue;
    }
    say(operation);
    for (const next of operations.slice(at + 1)) {
      if (next.op !== 'guard' && next.op !== 'effect' && next.op !== 'begin') break;
      say(next);
    }
  }
  return { kind: 'schedule', text, steps };
}

/** Whoever goes first is A. */
function actorsOf(witness: Witness): readonly ('A' | 'B')[] {
  return witness.happened[0]?.run === 1 ? ['B', 'A'] : ['A', 'B'];
}
