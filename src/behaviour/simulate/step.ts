import { performOperation, refuse, resume } from './perform.js';
import { finish } from './finish.js';
import type { Refusal } from './program.js';
import { copyOf, runOf, type Subject, type World } from './world.js';

/** One thing that happened: an operation that came to its end, began to wait, went on after waiting, or was refused. */
export interface Happened {
  readonly run: number;
  readonly at: number;
  readonly what: 'done' | 'waits' | 'goes-on' | 'refused';
  readonly refusal: Refusal | null;
}

/** A choice made in a schedule: who goes next, and who the database ends where that leads to a deadlock. */
export interface Choice {
  readonly run: number;
  readonly victim: number | null;
}

export interface Successor {
  readonly choice: Choice;
  readonly world: World;
  readonly happened: readonly Happened[];
}

/** Whether a run can take a step of its own. */
export function isReady(world: World, run: number): boolean {
  const one = world.runs[run];
  return one !== undefined && one.outcome === null && one.waiting === null;
}

/**
 * A run's next database call, lock, commit or await, and whatever rides along: local work of its own, and statements of others that
 * waited for it. Several successors only where a deadlock leaves the database a choice.
 */
export function step(world: World, run: number, subject: Subject): readonly Successor[] {
  const next = copyOf(world);
  const happened: Happened[] = [];
  performOperation(next, run, subject.context, happened);
  return settle(next, happened, { run, victim: null }, subject);
}

function settle(world: World, happened: Happened[], choice: Choice, subject: Subject): readonly Successor[] {
  for (;;) {
    const circle = circleOf(world);
    if (circle !== null) return broken(world, circle, happened, choice, subject);
    const woken = wakeable(world);
    if (woken === null) return [{ choice, world, happened }];
    resume(world, woken, subject.context, happened);
  }
}

/** The database ends one of those who wait for each other; what it does not see, or who waits for himself, hangs. */
function broken(world: World, circle: readonly number[], happened: readonly Happened[], choice: Choice, subject: Subject): readonly Successor[] {
  const waits = circle.map((run) => ({ run, waiting: world.runs[run]?.waiting ?? null }));
  if (circle.length === 1 || waits.some(({ waiting }) => waiting?.application === true)) {
    const next = copyOf(world);
    for (const run of circle) finish(next, run, { kind: 'hung' });
    return settle(next, [...happened], choice, subject);
  }
  return circle.flatMap((victim) => {
    const next = copyOf(world);
    const after = [...happened];
    const session = next.runs[victim]?.waiting?.session;
    if (session === undefined) return [];
    refuse(next, victim, session, 'deadlock', subject.context, after);
    return settle(next, after, { ...choice, victim }, subject);
  });
}

/** Runs that wait for each other in a circle; null where there is none. */
function circleOf(world: World): readonly number[] | null {
  for (let start = 0; start < world.runs.length; start += 1) {
    const path: number[] = [];
    let at: number | undefined = start;
    while (at !== undefined && !path.includes(at)) {
      path.push(at);
      at = waitsFor(world, at, start);
    }
    if (at === start && path.length > 0 && world.runs[start]?.waiting != null) return path;
  }
  return null;
}

function waitsFor(world: World, run: number, preferred: number): number | undefined {
  const waiting = world.runs[run]?.waiting;
  if (waiting == null) return undefined;
  const on = waiting.on.map(runOf);
  return on.includes(preferred) ? preferred : on[0];
}

/** The first in the queue whom nothing holds up any more. */
function wakeable(world: World): number | null {
  let first: { readonly run: number; readonly since: number } | null = null;
  for (const [run, { waiting }] of world.runs.entries()) {
    if (waiting === null || waiting.blockers.every((id) => isHeld(world, id))) continue;
    if (first === null || waiting.since < first.since) first = { run, since: waiting.since };
  }
  return first?.run ?? null;
}

/** Whether what is waited for is still there: an open transaction, or a named lock. */
function isHeld(world: World, blocker: string): boolean {
  return world.transactions.some((one) => one !== null && !one.failed && `transaction ${String(one.id)}` === blocker) || world.named.some((one) => `${one.key} of ${String(one.session)}` === blocker);
}
