import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { ForeignKeyConstraint } from '../../migrations/definition.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { BUSY_WORDS, busyTablesLocked, QUEUE_WORDS } from '../../migrations/describe/busy.js';
import { addNotValidText, columnAlone, constraintName, validateLater } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { isHeavy, lockNow } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/inline-foreign-key',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'REFERENCES on a new column locks two busy tables at once',
    why: '`ADD COLUMN … REFERENCES` compares no rows, since all of them are null, but it needs an ACCESS EXCLUSIVE lock on the table and a SHARE ROW EXCLUSIVE lock on the referenced one at the same time. While it waits for the second it keeps the first, and everybody who uses either table waits behind it.',
    remedy: 'Add the column alone, then the foreign key `NOT VALID` in a statement of its own with a short `lock_timeout`, and validate it in a later transaction.',
    limits: `Both locks are brief, so it speaks of busy tables only: ${BUSY_WORDS}. Silent where \`lock_timeout\` is set in the migration. With a default the rows are compared: that is \`migrations/foreign-key-not-deferred\`.`,
    references: [{ title: 'PostgreSQL: ALTER TABLE', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-column' || isHeavy(input, step.table)) return;
      const cause = columnCause(input, step);
      const busy = busyTablesLocked(input);
      if (cause?.kind !== 'foreign-key' || cause.constraint.kind !== 'foreign-key' || busy.length === 0) return;
      const key = resolveRelation(input.before, step.table);
      const referenced = resolveRelation(input.before, cause.constraint.referenced);
      const other = key === referenced ? null : lockNow(input, referenced);
      const second = other === null ? '' : ` and ${lockSentence(other)} of ${tableWords(tables, referenced)}`;
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column.name}`,
        message: `Adding \`${displayName(key)}.${step.column.name}\` with REFERENCES takes ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')} of ${tableWords(tables, key)}${second}: ${QUEUE_WORDS}.`,
        remedy: remedy(input, step, cause.constraint),
      });
    },
  },
});

function remedy(input: MigrationInput, step: StepOf<'add-column'>, constraint: ForeignKeyConstraint): string {
  const bare = columnAlone(step, (each) => each !== constraint);
  return `\`${bare};\`, then, behind \`SET lock_timeout = '3s';\`, \`${addNotValidText(step.table, constraint)};\`. ${validateLater(input, step.table, constraintName(step.table, constraint))}`;
}
