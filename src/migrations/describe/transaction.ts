import type { Framework, TransactionFact } from '../migration.js';
import type { StepInContext } from './step-in-context.js';

/** How to have a statement run outside a transaction, as a clause that follows "It cannot run inside a transaction:". */
export function howOutside(transaction: TransactionFact, otherwise: string): string {
  if (transaction.scope === 'none') return 'move it before BEGIN or after COMMIT.';
  if (transaction.switchOff === null) return `${transaction.reason}, and there is no switch for it, so ${otherwise}.`;
  return `${transaction.reason}; give it a migration of its own and ${transaction.switchOff}.`;
}

/** Frameworks that send a file as one string: a second statement makes a transaction out of it. */
const ONE_STRING: ReadonlySet<Framework> = new Set(['prisma', 'golang-migrate', 'supabase']);

export function takesOneStatementOnly({ migration }: StepInContext): boolean {
  return ONE_STRING.has(migration.framework);
}

/**
 * Whether further statements put behind this one are transactions of their own: the file switched its transaction off. Plain
 * SQL whose runner is not known is not taken to be so.
 */
export function runsEachByItself(input: StepInContext): boolean {
  return !input.inTransaction && !takesOneStatementOnly(input) && input.migration.framework !== 'sql';
}

/** How to have a statement be another transaction than this one: "… in a later migration". */
export function laterWords(input: StepInContext): string {
  const { inTransaction, migration } = input;
  if (!inTransaction) return takesOneStatementOnly(input) ? 'in a later migration' : 'as a statement of its own';
  if (migration.transaction.scope === 'none') return 'after COMMIT';
  if (migration.transaction.scope === 'all-pending') return `with a later deployment, since ${migration.transaction.reason}`;
  return 'in a later migration, so that it is another transaction';
}

/** "until it is done", or longer: the transaction keeps its locks. */
export function untilWords({ inTransaction }: StepInContext, done: string): string {
  return `until ${done}${inTransaction ? ' and the transaction ends' : ''}`;
}
