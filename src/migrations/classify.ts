import { resolveRelation, type Catalog } from './catalog.js';
import { blocksWrites, strength, stronger } from './effects/lock-mode.js';
import { otherHandlers } from './effects/other-handlers.js';
import { programHandlers } from './effects/program-handlers.js';
import { columnHandlers, tableHandlers, type Handlers } from './effects/table-handlers.js';
import { openWork, type Work } from './effects/work.js';
import type { LockMode, Step } from './step.js';
import type { Target } from './target.js';

export type { Target } from './target.js';

/** What a statement does to others while it runs: measured facts of the server, no opinion. Relations are `schema.name`. */
export interface LockEffect {
  /** The strongest lock newly taken per relation that existed before this change. Indexes are left out. */
  readonly locks: Readonly<Record<string, LockMode>>;
  /** Every mode that the transaction holds on them because of it, the weaker ones included. */
  readonly modes: Readonly<Record<string, readonly LockMode[]>>;
  /** Relations whose rows are written anew, every index included. */
  readonly rewrite: readonly string[];
  /** Relations that are read from end to end while the locks are held. What CONCURRENTLY reads in transactions of its own is not listed, nor the view that REFRESH … CONCURRENTLY compares. */
  readonly scan: readonly string[];
  /** Indexes (`schema.name`) that are built anew without their table being rewritten. */
  readonly indexRebuild: readonly string[];
  /**
   * heavy: rewrites or scans a relation while SHARE or stronger is held on it; brief: takes SHARE or stronger without that
   * work; error: the server would refuse it; safe: the rest.
   */
  readonly class: 'heavy' | 'brief' | 'safe' | 'error';
  /** Whether the server allows it inside a transaction block. */
  readonly inTransaction: boolean;
  /** The server's refusal. */
  readonly error?: string;
  /** Why nothing could be said: then the rest means nothing. */
  readonly notAnalysed?: string;
  readonly source: 'measured' | 'documented' | 'observed';
}

/** What a transaction holds already, per relation. */
export type HeldLocks = ReadonlyMap<string, readonly LockMode[]>;

const HANDLERS: Handlers = { ...tableHandlers, ...columnHandlers, ...programHandlers, ...otherHandlers };

function strongest(modes: Iterable<LockMode>): LockMode | undefined {
  let found: LockMode | undefined;
  for (const mode of modes) found = stronger(mode, found);
  return found;
}

/** The modes that the transaction does not hold yet, per relation. */
function newModes(work: Work, held: HeldLocks): Map<string, readonly LockMode[]> {
  const found = new Map<string, readonly LockMode[]>();
  for (const [key, modes] of [...work.locks].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const fresh = [...modes].filter((mode) => !(held.get(key) ?? []).includes(mode));
    if (fresh.length > 0) found.set(key, fresh);
  }
  return found;
}

function classOf(work: Work, taken: ReadonlyMap<string, readonly LockMode[]>, held: HeldLocks, along: HeldLocks): LockEffect['class'] {
  if (work.error !== null) return 'error';
  const blocked = (key: string): boolean => [...(work.locks.get(key) ?? []), ...(held.get(key) ?? []), ...(along.get(key) ?? [])].some(blocksWrites);
  if ([...work.rewrite, ...work.scan, ...work.compared].some(blocked)) return 'heavy';
  return [...taken.values()].flat().some(blocksWrites) ? 'brief' : 'safe';
}

function finish(work: Work, held: HeldLocks, along: HeldLocks): LockEffect {
  const taken = newModes(work, held);
  return {
    locks: Object.fromEntries([...taken].map(([key, modes]) => [key, strongest(modes) ?? 'AccessShareLock'])),
    modes: Object.fromEntries(taken),
    rewrite: [...work.rewrite].sort(),
    scan: [...work.scan].sort(),
    indexRebuild: [...work.indexRebuild].sort(),
    class: classOf(work, taken, held, along),
    inTransaction: work.inTransaction,
    ...(work.error === null ? {} : { error: work.error }),
    ...(work.notAnalysed === null ? {} : { notAnalysed: work.notAnalysed }),
    source: work.guessed ? 'documented' : 'measured',
  };
}

/** ALTER … IF EXISTS of what a history that knows tables does not know. */
function isSkipped(step: Step, catalog: Catalog): boolean {
  if (!('ifExists' in step) || !('table' in step) || !step.ifExists || catalog.tables.size === 0) return false;
  const key = resolveRelation(catalog, step.table);
  return !catalog.tables.has(key) && !catalog.views.has(key) && !catalog.sequences.has(key) && !catalog.indexes.has(key);
}

const NOTHING_HELD: HeldLocks = new Map();

/** The lock of harmless subcommands: beside others, theirs is taken instead. */
const WEAK: LockMode = 'ShareUpdateExclusiveLock';

/**
 * What a step does on a database of this shape. `held` is what its transaction holds already: such locks are not newly taken,
 * and work on such relations is heavy whatever the step itself takes. `along` is what the other subcommands of its statement
 * take: the server takes the strongest of them before the first. `renewed`: relations that the transaction has written anew.
 */
export function classify(step: Step, catalog: Catalog, target: Target, held: HeldLocks = NOTHING_HELD, along: HeldLocks = NOTHING_HELD, renewed: ReadonlySet<string> = new Set()): LockEffect {
  const work = openWork(catalog, target, renewed);
  if (isSkipped(step, catalog)) return finish(work, held, along);
  const handler = HANDLERS[step.kind] as ((work: Work, step: Step) => void) | undefined;
  handler?.(work, step);
  for (const [key, modes] of along) if (modes.some((mode) => strength(mode) > strength(WEAK))) work.locks.get(key)?.delete(WEAK);
  return finish(work, held, along);
}

/** Several steps' effects as one: what a whole statement does. */
export function mergeEffects(effects: readonly LockEffect[]): LockEffect {
  const modes = new Map<string, readonly LockMode[]>();
  for (const effect of effects) for (const [key, more] of Object.entries(effect.modes)) modes.set(key, [...new Set([...(modes.get(key) ?? []), ...more])]);
  const sorted = [...modes].sort(([one], [other]) => (one < other ? -1 : 1));
  const union = (pick: (effect: LockEffect) => readonly string[]): string[] => [...new Set(effects.flatMap(pick))].sort();
  const error = effects.find((effect) => effect.error !== undefined)?.error;
  const notAnalysed = effects.find((effect) => effect.notAnalysed !== undefined)?.notAnalysed;
  const order = ['error', 'heavy', 'brief', 'safe'] as const;
  const rewrite = union((effect) => effect.rewrite);
  return {
    locks: Object.fromEntries(sorted.map(([key, all]) => [key, strongest(all) ?? 'AccessShareLock'])),
    modes: Object.fromEntries(sorted),
    rewrite,
    // What is written anew is read for it.
    scan: union((effect) => effect.scan).filter((key) => !rewrite.includes(key)),
    indexRebuild: union((effect) => effect.indexRebuild),
    class: order.find((each) => effects.some((effect) => effect.class === each)) ?? 'safe',
    inTransaction: effects.every((effect) => effect.inTransaction),
    ...(error === undefined ? {} : { error }),
    ...(notAnalysed === undefined ? {} : { notAnalysed }),
    source: effects.some((effect) => effect.source === 'documented') ? 'documented' : 'measured',
  };
}
