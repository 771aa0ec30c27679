import type { Sighting } from '../../core/finding.js';
import { keyOf, resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { notNullText, nullableColumns } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import { listWords } from '../../migrations/describe/words.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/primary-key-on-nullable',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A primary key over a nullable column reads the whole table',
    why: '`PRIMARY KEY USING INDEX` is meant to be over in an instant. Where a column of the index is nullable, Postgres makes it NOT NULL on the way, silently, and reads every row for it under an ACCESS EXCLUSIVE lock. Nobody can read or write meanwhile.',
    remedy: 'Make the columns NOT NULL first: a `CHECK (… IS NOT NULL) NOT VALID`, `VALIDATE CONSTRAINT` in a later transaction, then `SET NOT NULL`, which from Postgres 12 on finds the proof and reads nothing.',
    limits: 'Silent where the history does not show that a column of the index is nullable, on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: ALTER TABLE, USING INDEX', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-constraint' || step.constraint.kind !== 'primary-key' || step.constraint.usingIndex === null) return;
      if (!isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      const index = step.constraint.usingIndex;
      const nullable = indexColumns(input, step, index);
      const [first] = nullable;
      if (first === undefined) return;
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${index}`,
        message: `PRIMARY KEY USING INDEX \`${index}\` sets NOT NULL on the way, since ${listWords(nullable)} ${nullable.length === 1 ? 'is' : 'are'} nullable, and reads every row of ${tableWords(tables, key)} for it while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, ${untilWords(input, 'all are read')}.`,
        remedy: `Make \`${first}\` NOT NULL first: ${notNullText(input, step.table, first)}; then add the primary key.`,
      });
    },
  },
});

function indexColumns(input: MigrationInput, step: StepOf<'add-constraint'>, index: string): readonly string[] {
  const table = input.before.tables.get(resolveRelation(input.before, step.table));
  const columns = input.before.indexes.get(keyOf(table?.schema ?? 'public', index))?.columns ?? [];
  return nullableColumns(input, step.table, columns.flatMap((column) => column ?? []));
}
