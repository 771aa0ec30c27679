import { resolveRelation, type Catalog } from '../catalog.js';
import { classify } from '../classify.js';
import type { QualifiedName } from '../definition.js';
import { isSmallTable, lockDuring } from '../describe.js';
import { blocksWrites, strength } from '../effects/lock-mode.js';
import type { LockMode, Step } from '../step.js';
import { earlierSteps, siblings, type StepInContext } from './step-in-context.js';

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
  const { effect, held } = input;
  if (isRefusedInTransaction(input)) return [];
  const worked = [...new Set([...effect.rewrite, ...effect.scan])];
  const blocked = worked.filter((key) => {
    const mode = lockDuring(effect, held, key);
    return mode !== null && blocksWrites(mode);
  });
  return (blocked.length === 0 && effect.class === 'heavy' ? worked : blocked).filter((key) => !isKnownSmall(input, key));
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

/** The strongest lock on a relation that earlier statements of the transaction left behind. */
export function heldMode({ held }: StepInContext, key: string): LockMode | null {
  const modes = held.flatMap((effect) => effect.locks[key] ?? []);
  return modes.length === 0 ? null : modes.reduce((one, other) => (strength(other) > strength(one) ? other : one));
}

/** The step of this migration that took that lock; null when it was one of an earlier migration in the same transaction. */
export function lockTaker(input: StepInContext, key: string): Step | null {
  const mode = heldMode(input, key);
  const earlier = earlierSteps(input);
  const start = earlier.findLastIndex((step) => step.kind === 'transaction' && (step.action === 'commit' || step.action === 'rollback'));
  return earlier.slice(start + 1).find((step) => namesAs(input.before, step, key) || classify(step, input.before, input.target).locks[key] === mode) ?? null;
}

function namesAs(catalog: Catalog, step: Step, key: string): boolean {
  return step.kind === 'rename-relation' && resolveRelation(catalog, { ...step.table, name: step.to }) === key;
}
