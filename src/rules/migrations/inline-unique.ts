import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { UniqueConstraint } from '../../migrations/definition.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { columnAlone, usingIndexRemedy } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/inline-unique',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'UNIQUE on a new column builds its index under a lock',
    why: '`ADD COLUMN … UNIQUE` (or PRIMARY KEY) builds the index before it returns: it reads the whole table while it holds an ACCESS EXCLUSIVE lock, and nobody can read or write until the index is built. With a default it fails besides, since all old rows get the same value.',
    remedy: 'Add the column first. Build the index with `CREATE UNIQUE INDEX CONCURRENTLY` outside a transaction, then turn it into the constraint with `ADD CONSTRAINT … UNIQUE USING INDEX`.',
    limits: 'Silent on tables created in the same pull request and on those that `tables` in the configuration calls small. A column that rewrites the table anyway is reported for that.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, USING INDEX', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-column' || !isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      const cause = columnCause(input, step);
      if (cause?.kind !== 'unique' || (cause.constraint.kind !== 'unique' && cause.constraint.kind !== 'primary-key')) return;
      const key = resolveRelation(input.before, step.table);
      const word = cause.constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY';
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column.name}`,
        message: `${word} on the new column \`${displayName(key)}.${step.column.name}\` builds an index over all of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, ${untilWords(input, 'the index is built')}.`,
        remedy: remedy(input, step, cause.constraint),
      });
    },
  },
});

function remedy(input: MigrationInput, step: StepOf<'add-column'>, constraint: UniqueConstraint): string {
  const bare = columnAlone(step, (each) => each !== constraint);
  return `Add the column by itself: \`${bare};\`. ${usingIndexRemedy(input, step.table, constraint)}`;
}
