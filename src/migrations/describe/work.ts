import { resolveRelation, type Catalog } from '../catalog.js';
import { classify } from '../classify.js';
import type { QualifiedName } from '../definition.js';
import { isSmallTable, lockDuring } from '../describe.js';
import { blocksWrites, stronger } from '../effects/lock-mode.js';
import { isTruncated } from '../patterns/put-right.js';
import type { LockMode } from '../step.js';
import { earlierSteps, siblings, type StepInContext } from './step-in-context.js';
import { sharesTransaction } from './transaction.js';

/** Whether anybody but this change can be using a relation. */
export function isInUse(catalog: Catalog, key: string): boolean {
  return !catalog.fresh.has(key) && catalog.tables.get(key)?.persistence !== 'temporary';
}

function isKnownSmall(input: StepInContext, key: string): boolean {
  const parent = input.before.tables.get(key)?.partitionOf?.parent;
  return isSmallTable(input.tables, key) || (parent !== undefined && isSmallTable(input.tables, parent));
}

/**
 * Whether the server refuses the step for being inside a transaction, before it does anything. That plain SQL files are run in
 * one is only likely: it is not held against them.
 */
export function isRefusedInTransaction(input: StepInContext): boolean {
  const { framework, transaction } = input.migration;
  const isGuess = framework === 'sql' && transaction.scope !== 'none' && input.step.block === undefined;
  return !input.effect.inTransaction && sharesTransaction(input) && !isGuess;
}

/**
 * Relations that are written anew or read from end to end while somebody else's writes to them wait: what makes a statement
 * heavy. Those that the configuration calls small are left out, and those that the migration truncated before.
 */
export function workUnderLock(input: StepInContext): readonly string[] {
  const { effect } = input;
  if (isRefusedInTransaction(input)) return [];
  const worked = [...new Set([...effect.rewrite, ...effect.scan])];
  const blocked = worked.filter((key) => {
    const mode = lockNow(input, key);
    return mode !== null && blocksWrites(mode);
  });
  return blocked.filter((key) => !isKnownSmall(input, key) && !isTruncated(earlierSteps(input), input.before, key));
}

/** Whether a step that names this table does heavy work, on it or on what hangs on it. */
export function isHeavy(input: StepInContext, table: QualifiedName): boolean {
  return workUnderLock(input).length > 0 && !isKnownSmall(input, resolveRelation(input.before, table));
}

/** Whether another part of the same statement writes the table anew: then building or checking something on the way is no cause of its own. */
export function isRewrittenAnyway(input: StepInContext, table: QualifiedName): boolean {
  const key = resolveRelation(input.before, table);
  return input.rewritten.has(key) || siblings(input).some((step) => classify(step, input.before, input.target).rewrite.includes(key));
}

/** The strongest lock on a relation while a step runs: its own or its transaction's, under whatever name the relation had then. */
export function lockNow({ effect, held, heldLocks }: StepInContext, key: string): LockMode | null {
  const now = lockDuring(effect, held, key);
  const kept = heldLocks.get(key)?.mode;
  return kept === undefined ? now : stronger(kept, now ?? undefined);
}
