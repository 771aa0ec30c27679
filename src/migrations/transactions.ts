import type { JudgedStep } from './judge-migrations.js';

/**
 * The steps of one direction, those of one transaction together. A statement outside a transaction is one by itself.
 * BEGIN and COMMIT stand in the transaction they open or close.
 */
export function byTransaction(steps: readonly JudgedStep[]): readonly (readonly JudgedStep[])[] {
  const groups: JudgedStep[][] = [];
  let open: JudgedStep[] | null = null;
  let wasInside = false;
  for (const judged of steps) {
    const { step, inTransaction } = judged;
    const begins = step.kind === 'transaction' && step.action === 'begin' && !wasInside;
    const ends = step.kind === 'transaction' && (step.action === 'commit' || step.action === 'rollback');
    const same = open !== null && !begins && (inTransaction || ends ? wasInside : !wasInside && open.at(-1)?.step.statementIndex === step.statementIndex);
    if (same && open !== null) open.push(judged);
    else {
      open = [judged];
      groups.push(open);
    }
    wasInside = inTransaction && !ends;
    if (ends) {
      open = null;
      wasInside = false;
    }
  }
  return groups;
}

/** The steps that run later in the same transaction. Empty outside one. */
export function laterInTransaction(steps: readonly JudgedStep[], judged: JudgedStep): readonly JudgedStep[] {
  if (!judged.inTransaction) return [];
  const group = byTransaction(steps).find((each) => each.includes(judged)) ?? [];
  return group.slice(group.indexOf(judged) + 1);
}
