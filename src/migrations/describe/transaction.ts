import type { Framework } from '../migration.js';
import type { StepInContext } from './step-in-context.js';

/** Whether other statements share its transaction: the migration's, or that of a DO block or of a call. */
export function sharesTransaction({ inTransaction, step }: StepInContext): boolean {
  return inTransaction || step.block !== undefined;
}

/** How to have a statement run outside a transaction, as a clause that follows "It cannot run inside a transaction:". */
export function howOutside({ inTransaction, migration, step }: StepInContext, otherwise: string): string {
  const { transaction } = migration;
  const out = step.block === undefined ? '' : `take it out of the ${/^do\b/i.test(step.block.statement) ? 'DO block' : 'function'}`;
  if (!inTransaction) return `${out === '' ? 'run it by itself' : out}.`;
  const first = out === '' ? '' : `${out}, and `;
  if (transaction.scope === 'none') return `${first}move it before BEGIN or after COMMIT.`;
  if (transaction.switchOff === null) return `${first}${transaction.reason}, and there is no switch for it, so ${otherwise}.`;
  return `${first}${transaction.reason}; give it a migration of its own and ${transaction.switchOff}.`;
}

/** Frameworks that send a file, or what is left of it without their own transaction, as one string: a second statement makes a transaction of it. */
const ONE_STRING: ReadonlySet<Framework> = new Set(['prisma', 'golang-migrate', 'supabase', 'dbmate', 'diesel', 'sqlx', 'popx']);

export function takesOneStatementOnly({ migration }: StepInContext): boolean {
  return ONE_STRING.has(migration.framework);
}

/**
 * Whether further statements put behind this one are transactions of their own: the file switched its transaction off. Plain
 * SQL whose runner is not known is not taken to be so.
 */
export function runsEachByItself(input: StepInContext): boolean {
  return !sharesTransaction(input) && !takesOneStatementOnly(input) && input.migration.framework !== 'sql';
}

/** How to have a statement be another transaction than this one: "… in a later migration". */
export function laterWords(input: StepInContext): string {
  const { inTransaction, migration, step } = input;
  if (!inTransaction && step.block !== undefined) return 'behind it, as a statement of its own';
  if (!inTransaction) return takesOneStatementOnly(input) ? 'in a later migration' : 'as a statement of its own';
  if (migration.transaction.scope === 'none') return 'after COMMIT';
  if (migration.transaction.scope === 'all-pending') return `with a later deployment, since ${migration.transaction.reason}`;
  return 'in a later migration, so that it is another transaction';
}

/** "until it is done", or longer: the transaction keeps its locks. */
export function untilWords(input: StepInContext, done: string): string {
  return `until ${done}${sharesTransaction(input) ? ' and the transaction ends' : ''}`;
}
