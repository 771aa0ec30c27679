import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { UniqueConstraint } from '../../migrations/definition.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { constraintName, notNullText, nullableColumns, usingIndexRemedy, usingIndexTexts } from '../../migrations/describe/recipes.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { sharesTransaction, takesOneStatementOnly, untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import { listWords } from '../../migrations/describe/words.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/primary-key-not-using-index',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Adding a primary key builds its index under a lock',
    why: '`ADD PRIMARY KEY (…)` builds a unique index, and looks for nulls where a column is nullable, while it holds an ACCESS EXCLUSIVE lock. Nobody can read or write the table until that is done.',
    remedy: 'See that the columns are NOT NULL first (by a validated check). Build the index with `CREATE UNIQUE INDEX CONCURRENTLY` outside a transaction, then let `ADD CONSTRAINT … PRIMARY KEY USING INDEX` take it over: that needs the lock for a moment only.',
    limits: 'Silent on `USING INDEX` (that is `migrations/primary-key-on-nullable`), on tables created in the same pull request and on those that `tables` in the configuration calls small. A key on a column that the same statement adds with a number for each row is reported for that column.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, USING INDEX', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-constraint' || step.constraint.kind !== 'primary-key' || step.constraint.usingIndex !== null) return;
      if (!isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${constraintName(step.table, step.constraint)}`,
        message: `The primary key on ${listWords(step.constraint.columns)} builds an index over all of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, ${untilWords(input, 'the index is built')}.`,
        remedy: remedy(input, step, step.constraint),
        suggestion: suggest(input, step, step.constraint),
      });
    },
  },
});

function remedy(input: MigrationInput, step: StepOf<'add-constraint'>, constraint: UniqueConstraint): string {
  const [nullable] = nullableColumns(input, step.table, constraint.columns);
  const first = nullable === undefined ? '' : `First make \`${nullable}\` NOT NULL without a long lock: ${notNullText(input, step.table, nullable)}. `;
  return `${first}${usingIndexRemedy(input, step.table, constraint)}`;
}

function suggest(input: MigrationInput, step: StepOf<'add-constraint'>, constraint: UniqueConstraint): Suggestion | null {
  const table = input.before.tables.get(resolveRelation(input.before, step.table));
  const known = constraint.columns.every((column) => table?.columns.get(column)?.notNull === true);
  if (sharesTransaction(input) || takesOneStatementOnly(input) || !known || table?.partitionBy != null) return null;
  return replaceStatement(step, usingIndexTexts(input, step.table, constraint));
}
