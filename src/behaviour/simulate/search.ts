import { serialEnds, opened } from './serial-ends.js';
import { isReady, step, type Choice, type Happened } from './step.js';
import { identityOf, type Break, type InitialState, type Subject, type World } from './world.js';

export interface Bounds {
  /** Switches from a run that could have gone on. */
  readonly switches: number;
  /** States looked at, for one initial state. */
  readonly states: number;
}

/** A schedule that ends as no order of the runs would, with the invariant it breaks. */
export interface Found {
  readonly schedule: readonly Choice[];
  readonly happened: readonly Happened[];
  readonly broken: Break;
  readonly switches: number;
}

export interface Searched {
  readonly found: Found | null;
  readonly states: number;
  /** There were more states than the bound. */
  readonly cut: boolean;
}

interface Node {
  readonly world: World;
  readonly last: number | null;
  readonly switches: number;
  readonly parent: Node | null;
  readonly choice: Choice | null;
  readonly happened: readonly Happened[];
}

/** 0–1 breadth-first by switches: the first witness has the fewest. States that are the same are looked at once. */
export function search(subject: Subject, initial: InitialState, bounds: Bounds): Searched {
  const isSerial = serialEnds(subject, initial);
  const seen = new Set<string>();
  let level: Node[] = [{ world: opened(subject, initial), last: null, switches: 0, parent: null, choice: null, happened: [] }];
  let states = 0;
  while (level.length > 0) {
    const next: Node[] = [];
    while (level.length > 0) {
      const node = level.pop();
      if (node === undefined) break;
      const identity = `${String(node.last)} ${identityOf(node.world)}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      states += 1;
      if (states > bounds.states) return { found: null, states, cut: true };
      if (isOver(node.world)) {
        const broken = node.world.breaks[0];
        if (broken !== undefined && !hangs(node.world) && !isSerial(node.world)) return { found: witness(node, broken), states, cut: false };
        continue;
      }
      for (const each of successors(node, subject)) (each.switches > node.switches ? next : level).push(each);
    }
    level = (next[0]?.switches ?? 0) > bounds.switches ? [] : next.reverse();
  }
  return { found: null, states, cut: false };
}

function successors(node: Node, subject: Subject): readonly Node[] {
  const goesOn = node.last !== null && isReady(node.world, node.last);
  return node.world.runs.flatMap((_, run) => {
    if (!isReady(node.world, run)) return [];
    const switches = node.switches + (goesOn && run !== node.last ? 1 : 0);
    return step(node.world, run, subject).map(({ world, choice, happened }): Node => ({ world, last: run, switches, parent: node, choice, happened }));
  });
}

export function isOver(world: World): boolean {
  return world.runs.every((_, run) => !isReady(world, run));
}

function hangs(world: World): boolean {
  return world.runs.some((run) => run.outcome === null || run.outcome.kind === 'hung');
}

function witness(node: Node, broken: Break): Found {
  const schedule: Choice[] = [];
  const happened: Happened[] = [];
  for (let at: Node | null = node; at !== null; at = at.parent) {
    if (at.choice !== null) schedule.unshift(at.choice);
    happened.unshift(...at.happened);
  }
  return { schedule, happened, broken, switches: node.switches };
}

/** Follows a schedule; null where it cannot be followed. */
export function replay(subject: Subject, initial: InitialState, schedule: readonly Choice[]): { readonly world: World; readonly happened: readonly Happened[] } | null {
  let world = opened(subject, initial);
  const happened: Happened[] = [];
  for (const choice of schedule) {
    if (!isReady(world, choice.run)) return null;
    const next = step(world, choice.run, subject).find((one) => one.choice.victim === choice.victim);
    if (next === undefined) return null;
    world = next.world;
    happened.push(...next.happened);
  }
  return { world, happened };
}
