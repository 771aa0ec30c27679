import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { ForeignKeyConstraint } from '../../migrations/definition.js';
import { displayName, isSmallTable, lockSentence, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { addNotValidText, columnAlone, constraintName, validateLater, validateText } from '../../migrations/describe/recipes.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { runsEachByItself } from '../../migrations/describe/transaction.js';
import { isHeavy, isInUse, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/foreign-key-not-deferred',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Adding a foreign key blocks writes to two tables',
    why: '`ADD FOREIGN KEY` takes a SHARE ROW EXCLUSIVE lock on the table and on the one it references, and keeps both while it compares every row of one with the other. Inserts, updates and deletes on both tables wait until it is done.',
    remedy: 'Add the constraint `NOT VALID`: new rows are checked from then on, and both locks are gone at once. Run `VALIDATE CONSTRAINT` in a later transaction: it reads the same rows, but lets reads and writes go on.',
    limits:
      'Silent where the referencing table is created in the same pull request, on `NOT VALID`, and where `tables` in the configuration calls the referencing table small. A foreign key written inline in ADD COLUMN without a default compares no rows.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, NOT VALID and VALIDATE CONSTRAINT', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      const constraint = addedKey(input);
      if (constraint === null || (step.kind !== 'add-constraint' && step.kind !== 'add-column') || !isHeavy(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      const referenced = resolveRelation(input.before, constraint.referenced);
      if (!isInUse(input.before, key) || isSmallTable(input.tables, key) || isRewrittenAnyway(input, step.table)) return;
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${constraint.columns.join('_')}`,
        message: message(input, key, referenced, constraint),
        remedy: remedy(input, step, constraint),
        suggestion: step.kind === 'add-constraint' ? suggest(input, step, constraint) : null,
      });
    },
  },
});

/** A foreign key whose rows are compared: a constraint's, or one written at a new column with a default. */
function addedKey(input: MigrationInput): ForeignKeyConstraint | null {
  const { step } = input;
  if (step.kind === 'add-constraint') return step.constraint.kind === 'foreign-key' && !step.constraint.notValid ? step.constraint : null;
  const cause = step.kind === 'add-column' ? columnCause(input, step) : null;
  return cause?.kind === 'foreign-key' && cause.constraint.kind === 'foreign-key' ? cause.constraint : null;
}

function message(input: MigrationInput, key: string, referenced: string, constraint: ForeignKeyConstraint): string {
  const columns = constraint.columns.map((column) => `\`${column}\``).join(', ');
  const own = lockNow(input, key) ?? 'ShareRowExclusiveLock';
  const start = `The foreign key on ${columns} compares every row of ${tableWords(input.tables, key)} with`;
  if (key === referenced) return `${start} the rest of the table while it holds ${lockSentence(own)}.`;
  const other = lockNow(input, referenced);
  if (other === null) return `${start} \`${displayName(referenced)}\` while it holds ${lockSentence(own)} to it.`;
  if (other === own) return `${start} ${tableWords(input.tables, referenced)} while it holds ${lockSentence(own)} to both tables.`;
  return `${start} ${tableWords(input.tables, referenced)} while it holds ${lockSentence(own)} to it, and ${lockSentence(other)} to \`${displayName(referenced)}\`.`;
}

function remedy(input: MigrationInput, step: StepOf<'add-constraint'> | StepOf<'add-column'>, constraint: ForeignKeyConstraint): string {
  const later = validateLater(input, step.table, constraintName(step.table, constraint));
  if (step.kind === 'add-constraint') return `Append \`NOT VALID\`: new rows are checked from then on. ${later}`;
  const bare = columnAlone(step, (each) => each !== constraint);
  return `\`${bare};\`, then \`${addNotValidText(step.table, constraint)};\`: new rows are checked from then on. ${later}`;
}

function suggest(input: MigrationInput, step: StepOf<'add-constraint'>, constraint: ForeignKeyConstraint): Suggestion | null {
  const added = `${step.statement} NOT VALID`;
  return replaceStatement(step, !runsEachByItself(input) ? [added] : [added, validateText(step.table, constraintName(step.table, constraint))]);
}
