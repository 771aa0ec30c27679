import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { laterWords } from '../../migrations/describe/transaction.js';
import { takenWhere } from '../../migrations/describe/taken-where.js';
import { workUnderLock } from '../../migrations/describe/work.js';
import type { HeldLock } from '../../migrations/judge-migrations.js';
import type { Step } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/work-while-locked',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Rows are read or written while the transaction holds a lock',
    why: 'A lock is kept until the transaction ends, however brief the statement was that took it. An `UPDATE` behind an `ALTER TABLE` in the same transaction runs for minutes while the table is still locked: what was meant to be an instant change becomes an outage as long as the backfill.',
    remedy: 'Put the work into a migration of its own, or before the statement that takes the lock. Where the tool allows it, fill the rows in batches, each in a transaction of its own.',
    limits: 'Speaks of statements that read or write a whole table and are harmless by themselves: UPDATE, DELETE, INSERT … SELECT, CREATE TABLE … AS, COPY and the like. What blocks by itself (building an index, validating) is reported for that. Silent on writes that an index finds (`WHERE id = 5`), on tables created in the same pull request or truncated before in the same migration, and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      const words = work(step);
      const worked = words === null ? [] : workUnderLock(input);
      const own = 'table' in step && step.table !== null ? resolveRelation(input.before, step.table) : null;
      const key = worked.find((each) => each === own) ?? worked[0];
      if (words === null || key === undefined) return;
      const lock = input.heldLocks.get(key);
      yield sightingAt(input, {
        symbol: displayName(key),
        message: `${words} goes through all of ${tableWords(input.tables, key)} while the transaction still holds ${lockSentence(lock?.mode ?? 'AccessExclusiveLock')} of it, ${takenWhere(input, lock)}, until the transaction ends.`,
        remedy: remedy(input, lock),
      });
    },
  },
});

function remedy(input: MigrationInput, lock: HeldLock | undefined): string {
  const apart = `Run it ${laterWords(input)}`;
  const before = lock?.path !== input.migration.path ? '' : `, or before line ${String(lock.step.statementSpan.startLine)} if it does not need what that does`;
  return `${apart}${before}; a large table in batches.`;
}

/** Steps whose work is harmless unless somebody's lock is held meanwhile. */
function work(step: Step): string | null {
  switch (step.kind) {
    case 'insert':
      return 'INSERT … SELECT';
    case 'update':
      return 'UPDATE';
    case 'delete':
      return 'DELETE';
    case 'merge':
      return 'MERGE';
    case 'copy':
      return 'COPY';
    case 'select':
      return 'SELECT';
    case 'create-table-as':
      return 'CREATE TABLE … AS';
    case 'create-materialized-view':
      return 'CREATE MATERIALIZED VIEW';
    case 'refresh-materialized-view':
      return step.concurrently ? 'REFRESH … CONCURRENTLY' : null;
    default:
      return null;
  }
}
