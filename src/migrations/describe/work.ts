import { resolveRelation, type Catalog } from '../catalog.js';
import { classify } from '../classify.js';
import type { QualifiedName } from '../definition.js';
import { isSmallTable, lockDuring } from '../describe.js';
import { blocksWrites } from '../effects/lock-mode.js';
import { siblings, type StepInContext } from './step-in-context.js';

/** Whether anybody but this change can be using a relation. */
export function isInUse(catalog: Catalog, key: string): boolean {
  return !catalog.fresh.has(key) && catalog.tables.get(key)?.persistence !== 'temporary';
}

function isKnownSmall(input: StepInContext, key: string): boolean {
  const parent = input.before.tables.get(key)?.partitionOf?.parent;
  return isSmallTable(input.tables, key) || (parent !== undefined && isSmallTable(input.tables, parent));
}

/** Whether the server refuses the step for being inside a transaction, before it does anything. */
export function isRefusedInTransaction({ effect, inTransaction }: StepInContext): boolean {
  return inTransaction && !effect.inTransaction;
}

/**
 * Relations that are written anew or read from end to end while somebody else's writes to them wait: what makes a statement
 * heavy. Those that the configuration calls small are left out.
 */
export function workUnderLock(input: StepInContext): readonly string[] {
  const { effect, held, heldLocks } = input;
  if (isRefusedInTransaction(input)) return [];
  const worked = [...new Set([...effect.rewrite, ...effect.scan])];
  const blocked = worked.filter((key) => {
    const modes = [lockDuring(effect, held, key), heldLocks.get(key)?.mode ?? null];
    return modes.some((mode) => mode !== null && blocksWrites(mode));
  });
  return blocked.filter((key) => !isKnownSmall(input, key));
}

/** Whether a step that names this table does heavy work, on it or on what hangs on it. */
export function isHeavy(input: StepInContext, table: QualifiedName): boolean {
  return workUnderLock(input).length > 0 && !isKnownSmall(input, resolveRelation(input.before, table));
}

/** Whether another part of the same statement writes the table anew: then building or checking something on the way is no cause of its own. */
export function isRewrittenAnyway(input: StepInContext, table: QualifiedName): boolean {
  const key = resolveRelation(input.before, table);
  return siblings(input).some((step) => classify(step, input.before, input.target).rewrite.includes(key));
}
