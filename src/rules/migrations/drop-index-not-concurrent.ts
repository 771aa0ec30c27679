import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation, type Index } from '../../migrations/catalog.js';
import { displayName, isSmallTable, lockSentence, tableWords } from '../../migrations/describe.js';
import { BUSY_WORDS, busyTablesLocked, hasLockTimeout, QUEUE_WORDS, WAIT_BRIEFLY } from '../../migrations/describe/busy.js';
import { replaceStatement, withWord } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { laterSteps } from '../../migrations/describe/step-in-context.js';
import { howOutside, sharesTransaction } from '../../migrations/describe/transaction.js';
import { isInUse } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/drop-index-not-concurrent',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Dropping an index queues everybody behind one lock',
    why: '`DROP INDEX` takes an ACCESS EXCLUSIVE lock on the index’s table. It is held for a moment only, but it has to be got first: it waits for the longest transaction that uses the table, and every read and write that comes later waits behind it.',
    remedy: 'Use `DROP INDEX CONCURRENTLY`, which takes no lock that blocks reads or writes. It cannot run inside a transaction. Where it cannot be used (`CASCADE`, the index of a partitioned table or of a constraint), set a short `lock_timeout` and try again.',
    limits: `The lock is brief, so this speaks only where something shows that it matters: the table is busy, or the same migration, outside a transaction, builds or drops another index CONCURRENTLY and forgot it here; ${BUSY_WORDS}. Silent where \`lock_timeout\` is set in the migration.`,
    references: [
      { title: 'PostgreSQL: DROP INDEX', url: 'https://www.postgresql.org/docs/current/sql-dropindex.html' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      if (step.kind !== 'drop-index' || step.concurrently) return;
      const index = droppedOnUsedTable(input, step);
      if (index === undefined) return;
      yield sightingAt(input, {
        symbol: displayName(index.key),
        message: `Dropping index \`${index.name}\` takes ${lockSentence('AccessExclusiveLock')} of ${tableWords(input.tables, index.table)}: ${QUEUE_WORDS}.`,
        remedy: remedy(input, step, index),
        suggestion: suggest(input, step, index),
      });
    },
  },
});

function droppedOnUsedTable(input: MigrationInput, step: StepOf<'drop-index'>): Index | undefined {
  const busy = busyTablesLocked(input);
  const forgotten = !sharesTransaction(input) && !hasLockTimeout(input.before) && isConcurrentElsewhere(input);
  return step.indexes
    .flatMap((name) => input.before.indexes.get(resolveRelation(input.before, name)) ?? [])
    .find(({ table }) => busy.includes(table) || (forgotten && isInUse(input.before, table) && !isSmallTable(input.tables, table) && !isReplacedLater(input, table)));
}

function isConcurrentElsewhere({ migration }: MigrationInput): boolean {
  return migration.up.some((step) => (step.kind === 'create-index' || step.kind === 'drop-index') && step.concurrently);
}

/** Then the order is the matter: `migrations/replace-index-gap`. */
function isReplacedLater(input: MigrationInput, table: string): boolean {
  return laterSteps(input).some((step) => step.kind === 'create-index' && resolveRelation(input.before, step.table) === table);
}

function isPossible(input: MigrationInput, step: StepOf<'drop-index'>, index: Index): boolean {
  return !step.cascade && step.indexes.length === 1 && index.constraint === null && input.before.tables.get(index.table)?.partitionBy == null;
}

function remedy(input: MigrationInput, step: StepOf<'drop-index'>, index: Index): string {
  if (!isPossible(input, step, index)) return step.indexes.length > 1 ? 'Drop each by itself with `DROP INDEX CONCURRENTLY`, outside a transaction.' : WAIT_BRIEFLY;
  if (!sharesTransaction(input)) return 'Use `DROP INDEX CONCURRENTLY`.';
  return `Use \`DROP INDEX CONCURRENTLY\`. It cannot run inside a transaction: ${howOutside(input, 'put `SET lock_timeout = \'3s\';` before it instead')}`;
}

function suggest(input: MigrationInput, step: StepOf<'drop-index'>, index: Index): Suggestion | null {
  if (sharesTransaction(input) || !isPossible(input, step, index)) return null;
  const text = withWord(step.statement, /^drop\s+index\b/i, 'CONCURRENTLY');
  return text === null ? null : replaceStatement(step, [text]);
}
