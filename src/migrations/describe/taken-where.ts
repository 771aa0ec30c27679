import type { HeldLock } from '../judge-migrations.js';
import type { StepInContext } from './step-in-context.js';

/** Where a lock was taken that the transaction still holds: "taken on line 3 (`ALTER TABLE orders …`)". */
export function takenWhere({ migration, step }: StepInContext, lock: HeldLock | undefined): string {
  if (lock === undefined) return 'taken before';
  const first = lock.step.statement.replace(/\s+/g, ' ').trim().split(' ').slice(0, 3).join(' ');
  if (lock.path !== migration.path) return `taken in \`${lock.path}\`, which runs in the same transaction`;
  return lock.step.statementIndex === step.statementIndex ? 'taken by the same statement' : `taken on line ${String(lock.step.span.startLine)} (\`${first} …\`)`;
}
