import type { Sighting, Suggestion } from '../../core/finding.js';
import { partitionsOf, resolveRelation } from '../../migrations/catalog.js';
import { displayName, isSmallTable, lockDuring, lockSentence, tableWords } from '../../migrations/describe.js';
import { hasLockTimeout, QUEUE_WORDS, WAIT_BRIEFLY } from '../../migrations/describe/busy.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { howOutside, sharesTransaction } from '../../migrations/describe/transaction.js';
import { isInUse } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/detach-not-concurrent',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Detaching a partition locks the whole partitioned table',
    why: '`DETACH PARTITION` takes an ACCESS EXCLUSIVE lock on the parent. It is held for a moment only, but it waits for the longest transaction that uses any partition, and every read and write of the whole partitioned table waits behind it.',
    remedy: 'From Postgres 14 on use `DETACH PARTITION … CONCURRENTLY`, outside a transaction. Where that is not possible (an older server, a DEFAULT partition), set a short `lock_timeout` and try again.',
    limits: 'Silent where `lock_timeout` is set in the migration, on partitioned tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: ALTER TABLE, DETACH PARTITION', url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DETACH-PARTITION' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect, tables } = input;
      if (step.kind !== 'detach-partition' || step.concurrently || step.finalize) return;
      const key = resolveRelation(input.before, step.table);
      const mode = effect.locks[key];
      if (mode === undefined || !isInUse(input.before, key) || isSmallTable(tables, key) || hasLockTimeout(input.before)) return;
      yield sightingAt(input, {
        symbol: displayName(resolveRelation(input.before, step.partition)),
        message: `Detaching \`${displayName(resolveRelation(input.before, step.partition))}\` takes ${lockSentence(lockDuring(effect, [], key) ?? mode)} of ${tableWords(tables, key)} with all its partitions: ${QUEUE_WORDS}.`,
        remedy: remedy(input, key),
        suggestion: suggest(input, step, key),
      });
    },
  },
});

function isPossible(input: MigrationInput, key: string): boolean {
  return input.target.version >= 14 && !partitionsOf(input.before, key).some(({ partitionOf }) => partitionOf?.bound.default === true);
}

function remedy(input: MigrationInput, key: string): string {
  if (input.target.version < 14) return WAIT_BRIEFLY;
  if (!isPossible(input, key)) return `CONCURRENTLY is not possible where a DEFAULT partition exists. ${WAIT_BRIEFLY}`;
  if (!sharesTransaction(input)) return 'Append `CONCURRENTLY`.';
  return `Append \`CONCURRENTLY\`. It cannot run inside a transaction: ${howOutside(input, 'put `SET lock_timeout = \'3s\';` before it instead')}`;
}

function suggest(input: MigrationInput, step: StepOf<'detach-partition'>, key: string): Suggestion | null {
  return sharesTransaction(input) || !isPossible(input, key) ? null : replaceStatement(step, [`${step.statement} CONCURRENTLY`]);
}
