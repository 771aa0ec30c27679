import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, tableSize, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { columnAlone, notNullText } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { earlierSteps } from '../../migrations/describe/step-in-context.js';
import { isInUse } from '../../migrations/describe/work.js';
import { areRowsRemoved } from '../../migrations/patterns/put-right.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/not-null-without-default',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A NOT NULL column without a default fails on the first row',
    why: 'The rows that are there have no value for the new column, so `ADD COLUMN … NOT NULL` fails on any table that is not empty (“column … contains null values”) and the deployment stops. On an empty one it succeeds, and then the inserts of the code that is still running, which do not know the column, fail.',
    remedy: 'Give it a default, which from Postgres 11 on is kept once for all rows. Where there is none that makes sense, add the column nullable, have the code write it, fill the old rows in batches, and make it NOT NULL last.',
    limits: 'Silent on tables created in the same pull request, on columns with a default, an identity or an expression, and on columns of a domain, which may bring a default; where `tables` in the configuration says `rows: 0`, and where the same migration empties the table first.',
    references: [{ title: 'PostgreSQL: adding a column', url: 'https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-column' || columnCause(input, step)?.kind !== 'not-null') return;
      const key = resolveRelation(input.before, step.table);
      if (!isInUse(input.before, key) || tableSize(tables, key)?.rows === 0 || areRowsRemoved(earlierSteps(input), input.before, key)) return;
      const { name } = step.column;
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${name}`,
        message: `Adding \`${displayName(key)}.${name}\` as NOT NULL without a default fails as soon as ${tableWords(tables, key)} has a row (“column "${name}" … contains null values”), and afterwards every insert of the running code fails that does not know \`${name}\`.`,
        remedy: remedy(input, step),
      });
    },
  },
});

function remedy(input: MigrationInput, step: StepOf<'add-column'>): string {
  const { column } = step;
  const nullable = columnAlone(step, ({ kind }) => kind !== 'primary-key' && kind !== 'unique', false);
  const isKey = column.constraints.some(({ kind }) => kind === 'primary-key' || kind === 'unique');
  const fallback = isKey || input.target.version < 11 ? '' : 'Add `DEFAULT …` if there is a value that fits the old rows. Otherwise: ';
  return `${fallback}\`${nullable};\`, have the code write it, fill the old rows in batches, then ${notNullText(input, step.table, column.name)}.`;
}
