import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { Column } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableSize, tableWords } from '../../migrations/describe.js';
import { columnBefore, typeNarrowing } from '../../migrations/describe/changed-type.js';
import type { Narrowing } from '../../migrations/describe/narrowing.js';
import { validateLater } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { earlierSteps } from '../../migrations/describe/step-in-context.js';
import { isHeavy, isInUse, lockNow } from '../../migrations/describe/work.js';
import { typeWords } from '../../migrations/describe/words.js';
import { isPutRight } from '../../migrations/patterns/put-right.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/type-narrowing',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'The new type has no room for values the old one took',
    why: 'A smaller integer, a shorter `varchar`, fewer digits: on the first value that does not fit the statement fails and the deployment stops; where it converts instead (fractions of a second, decimal places, an explicit cast), digits or characters are gone for good. To find out, Postgres writes the whole table anew under an ACCESS EXCLUSIVE lock. The code that still runs goes on writing such values.',
    remedy: 'Say what is allowed with a CHECK that is NOT VALID, repair the rows that break it, validate it in a later transaction, and keep the type: a limit on a wider type costs nothing. If the type has to change, go by way of a second column.',
    limits: 'Knows numbers, text, bits, dates and times, where the history shows the column’s type. Silent where USING converts in a way of its own (`left(name, 20)`, `round(total)`), on tables created in the same pull request, and where `tables` in the configuration says `rows: 0`.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: numeric types', url: 'https://www.postgresql.org/docs/current/datatype-numeric.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'set-type') return;
      const found = typeNarrowing(input, step);
      const column = columnBefore(input, step);
      const key = resolveRelation(input.before, step.table);
      if (found === null || column === undefined || !isInUse(input.before, key) || tableSize(tables, key)?.rows === 0) return;
      const heavy = isHeavy(input, step.table) ? `, and writes all of ${tableWords(tables, key)} anew while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}` : '';
      const isReady = isPutRight(earlierSteps(input), input.before, key, step.column);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column}`,
        message: `Changing \`${displayName(key)}.${step.column}\` from ${typeWords(column.type)} to ${typeWords(step.type)} ${outcome(found, isReady)}${heavy}.`,
        remedy: remedy(input, step, column, found),
      });
    },
  },
});

/** `isReady`: the migration repaired the values before. */
function outcome({ outcome: how, what }: Narrowing, isReady: boolean): string {
  if (how === 'loses') return `loses ${what} in every row, which no revert brings back`;
  return isReady ? `refuses from then on every value ${what}` : `fails on the first value ${what}`;
}

function remedy(input: MigrationInput, step: StepOf<'set-type'>, column: Column, found: Narrowing): string {
  const limit = allowed(step);
  if (found.outcome === 'loses' || limit === null) {
    return `If what is lost is wanted nowhere: add a second column of type ${typeWords(step.type)}, let the code write both, fill it in batches, and keep \`${step.column}\` until nobody misses it. Otherwise keep ${typeWords(column.type)}.`;
  }
  const table = sqlName(step.table);
  const name = `${step.table.name}_${step.column}_fits`.slice(0, 63);
  return `Keep ${typeWords(column.type)} and limit the values: \`ALTER TABLE ${table} ADD CONSTRAINT ${quoteName(name)} CHECK (${limit}) NOT VALID;\`, repair the rows that break it. ${validateLater(input, step.table, name)}`;
}

/** The condition that the new type stands for. */
function allowed(step: StepOf<'set-type'>): string | null {
  const column = quoteName(step.column);
  const { type } = step;
  if (type.array) return null;
  if (type.name === 'varchar' || type.name === 'bpchar') return `length(${column}) <= ${String(type.modifiers[0] ?? 1)}`;
  if (type.name === 'int2') return `${column} BETWEEN -32768 AND 32767`;
  if (type.name === 'int4') return `${column} BETWEEN -2147483648 AND 2147483647`;
  const [precision, scale = 0] = type.modifiers;
  return type.name === 'numeric' && precision !== undefined && precision - scale <= 18 ? `abs(${column}) < ${String(10 ** Math.max(0, precision - scale))}` : null;
}
