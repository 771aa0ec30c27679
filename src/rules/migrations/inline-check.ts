import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { Constraint } from '../../migrations/definition.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { addNotValidText, columnAlone, constraintName, validateLater, validateText } from '../../migrations/describe/recipes.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { runsEachByItself, untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/inline-check',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A CHECK on a new column reads the whole table under a lock',
    why: '`ADD COLUMN … CHECK (…)` is checked against every existing row, although all of them hold the same value: Postgres reads the whole table while it holds an ACCESS EXCLUSIVE lock. Without the check the statement would be over at once.',
    remedy: 'Add the column first and the check as a statement of its own that is NOT VALID: new rows are checked from then on. `VALIDATE CONSTRAINT` in a later transaction reads the table while others work.',
    limits: 'Silent on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: ALTER TABLE, NOT VALID and VALIDATE CONSTRAINT', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-column' || !isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      const cause = columnCause(input, step);
      if (cause?.kind !== 'check') return;
      const key = resolveRelation(input.before, step.table);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column.name}`,
        message: `The CHECK on the new column \`${displayName(key)}.${step.column.name}\` makes Postgres read every row of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, ${untilWords(input, 'all are read')}.`,
        remedy: remedy(input, step, cause.constraint),
        suggestion: suggest(input, step, cause.constraint),
      });
    },
  },
});

/** The same column without its checks. */
function bare(step: StepOf<'add-column'>): string {
  return columnAlone(step, ({ kind }) => kind !== 'check');
}

function remedy(input: MigrationInput, step: StepOf<'add-column'>, constraint: Constraint): string {
  return `\`${bare(step)};\`, then \`${addNotValidText(step.table, constraint)};\`. ${validateLater(input, step.table, constraintName(step.table, constraint))}`;
}

function suggest(input: MigrationInput, step: StepOf<'add-column'>, constraint: Constraint): Suggestion | null {
  if (step.column.constraints.length > 1) return null;
  const split = [bare(step), addNotValidText(step.table, constraint)];
  return replaceStatement(step, !runsEachByItself(input) ? split : [...split, validateText(step.table, constraintName(step.table, constraint))]);
}
