import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { UniqueConstraint } from '../../migrations/definition.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { constraintName, usingIndexRemedy, usingIndexTexts } from '../../migrations/describe/recipes.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { sharesTransaction, takesOneStatementOnly, untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import { listWords } from '../../migrations/describe/words.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/unique-not-using-index',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Adding a UNIQUE constraint builds its index under a lock',
    why: '`ADD CONSTRAINT … UNIQUE (…)` builds the index while it holds an ACCESS EXCLUSIVE lock: not only writes wait, as for `CREATE INDEX`, but reads as well, until the whole table is read and sorted.',
    remedy: 'Build the index with `CREATE UNIQUE INDEX CONCURRENTLY` outside a transaction, then let `ADD CONSTRAINT … UNIQUE USING INDEX` take it over: that needs the lock for a moment only.',
    limits: 'Silent on `USING INDEX`, on tables created in the same pull request and on those that `tables` in the configuration calls small. Whether duplicates exist is not known here: then the statement fails.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, USING INDEX', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-constraint' || step.constraint.kind !== 'unique' || step.constraint.usingIndex !== null) return;
      if (!isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${constraintName(step.table, step.constraint)}`,
        message: `UNIQUE on ${listWords(step.constraint.columns)} builds an index over all of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, ${untilWords(input, 'the index is built')}.`,
        remedy: remedy(input, step, step.constraint),
        suggestion: suggest(input, step, step.constraint),
      });
    },
  },
});

function isPartitioned(input: MigrationInput, step: StepOf<'add-constraint'>): boolean {
  return input.before.tables.get(resolveRelation(input.before, step.table))?.partitionBy != null;
}

function remedy(input: MigrationInput, step: StepOf<'add-constraint'>, constraint: UniqueConstraint): string {
  if (isPartitioned(input, step)) return 'On a partitioned table: `CREATE UNIQUE INDEX … ON ONLY` the parent, build one on each partition with `CREATE UNIQUE INDEX CONCURRENTLY`, and attach them with `ALTER INDEX … ATTACH PARTITION`; a unique index keeps duplicates out as a constraint does.';
  return usingIndexRemedy(input, step.table, constraint);
}

function suggest(input: MigrationInput, step: StepOf<'add-constraint'>, constraint: UniqueConstraint): Suggestion | null {
  if (sharesTransaction(input) || takesOneStatementOnly(input) || isPartitioned(input, step) || constraint.columns.length === 0) return null;
  return replaceStatement(step, usingIndexTexts(input, step.table, constraint));
}
