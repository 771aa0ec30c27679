import { rideAlong } from './ride-along.js';
import { isReady, step } from './step.js';
import { currentFor, openWorld, type InitialState, type Run, type Subject, type World } from './world.js';

/** A function that touches more one after the other is too long to be followed. */
const MOST_STEPS = 200;

/** A world in which every run stands before its first operation that matters to others. */
export function opened(subject: Subject, initial: InitialState): World {
  const world = openWorld(subject.programs, initial);
  for (const index of world.runs.keys()) rideAlong(world, index, subject.context);
  return world;
}

/** Runs some of the runs one after the other; null where one does not come to an end by itself. */
export function serially(subject: Subject, initial: InitialState, order: readonly number[]): World | null {
  let world = openWorld(subject.programs, initial);
  for (const index of order) {
    rideAlong(world, index, subject.context);
    for (let count = 0; isReady(world, index); count += 1) {
      const next = step(world, index, subject)[0];
      if (next === undefined || count > MOST_STEPS) return null;
      world = next.world;
    }
    if (world.runs[index]?.outcome == null || world.runs[index].outcome.kind === 'hung') return null;
  }
  return world;
}

/** How a run answered: yes with a value, no, or not at all. */
export function answerOf(run: Run): string | null {
  const { outcome } = run;
  if (outcome === null || outcome.kind === 'hung' || outcome.kind === 'refused') return null;
  if (outcome.kind === 'failed') return outcome.onAffected ? null : 'no';
  return run.missed.length > 0 ? 'no' : `yes ${String(outcome.value)}`;
}

/** The tables at the end, without the identities the database gave. */
export function tablesOf(world: World): string {
  const rows = world.rows.flatMap((row) => {
    const values = currentFor(row, -2);
    return values === null ? [] : [`${row.table} ${JSON.stringify(Object.entries(values).filter(([, value]) => value !== null).sort(([one], [other]) => (one < other ? -1 : 1)))}`];
  });
  return rows.sort().join('\n');
}

/**
 * Everything of an end that someone could compare. Where the runs write different things (`apart`), who was told yes belongs
 * to it; where they write the same, a yes too many harms nobody.
 */
function endOf(world: World, answered: readonly number[], apart: boolean): string {
  const effects = world.runs.flatMap((run) => run.effects).sort();
  const answers = apart ? answered.map((index) => (world.runs[index] === undefined ? null : answerOf(world.runs[index]))) : [];
  return JSON.stringify([tablesOf(world), effects, answers, world.memory]);
}

/** Whether an end is one that runs one after the other can have: all that answered, in any order, with or without those that did not. */
export type SerialEnds = (world: World) => boolean;

export function serialEnds(subject: Subject, initial: InitialState): SerialEnds {
  const alone = subject.programs.map((_, index) => serially(subject, initial, [index]));
  const apart = new Set(alone.map((one) => (one === null ? '' : tablesOf(one)))).size > 1;
  const known = new Map<string, ReadonlySet<string>>();
  return (world) => {
    const answered = world.runs.flatMap((run, index) => (answerOf(run) === null ? [] : [index]));
    const key = answered.join();
    const ends = known.get(key) ?? new Set(orders(world.runs.length, answered).flatMap((order) => {
      const end = serially(subject, initial, order);
      return end === null ? [] : [endOf(end, answered, apart)];
    }));
    known.set(key, ends);
    return ends.has(endOf(world, answered, apart));
  };
}

/** Every order of the runs that answered, with every choice of the others. */
function orders(count: number, answered: readonly number[]): readonly (readonly number[])[] {
  const others = [...Array(count).keys()].filter((index) => !answered.includes(index));
  const subsets = others.reduce<readonly (readonly number[])[]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);
  return subsets.flatMap((set) => permutations([...answered, ...set]));
}

function permutations(list: readonly number[]): readonly (readonly number[])[] {
  if (list.length <= 1) return [list];
  return list.flatMap((one) => permutations(list.filter((other) => other !== one)).map((rest) => [one, ...rest]));
}
