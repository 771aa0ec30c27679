import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { Expression } from '../../migrations/definition.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { isHeavy, lockNow } from '../../migrations/describe/work.js';
import { isVolatile, volatileCalls } from '../../migrations/effects/volatility.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/volatile-default',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'The default of a new column rewrites the whole table',
    why: 'A default that gives every row a value of its own (`random()`, `gen_random_uuid()`, `clock_timestamp()`, `nextval(…)`) cannot be kept once for all rows: `ADD COLUMN` writes the table and all of its indexes anew under an ACCESS EXCLUSIVE lock. Nobody can read or write meanwhile, and the disk needs room for a second copy. On Postgres 10 every default does that, a constant one too.',
    remedy: 'Add the column without the default, set the default afterwards (it then counts for new rows only, without touching the old ones), and fill the old rows in batches.',
    limits:
      'Silent on tables created in the same pull request, on constants and on `now()`, `current_timestamp` and other functions that give one value per statement (from Postgres 11), and on tables that `tables` in the configuration calls small. A function that neither Postgres nor the repository’s history declares counts as volatile, as Postgres itself assumes unless told otherwise.',
    references: [
      { title: 'PostgreSQL: tips on adding a column', url: 'https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN' },
      { title: 'PostgreSQL: function volatility', url: 'https://www.postgresql.org/docs/current/xfunc-volatility.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-column' || step.column.default === null || !isHeavy(input, step.table)) return;
      const cause = columnCause(input, step);
      if (cause?.kind !== 'rewrite' || (cause.reason !== 'volatile-default' && cause.reason !== 'default-before-11')) return;
      const key = resolveRelation(input.before, step.table);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column.name}`,
        message: `Adding \`${displayName(key)}.${step.column.name}\` with \`DEFAULT ${step.column.default.text}\` writes all of ${tableWords(tables, key)} and its indexes anew, since ${because(input, step.column.default, cause.reason)}, while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}.`,
        remedy: remedy(step),
        suggestion: suggest(step),
      });
    },
  },
});

function because(input: MigrationInput, expression: Expression, reason: 'volatile-default' | 'default-before-11'): string {
  if (reason === 'default-before-11') return `Postgres ${String(input.target.version)} does so for every default`;
  const calls = volatileCalls(input.before, expression).map((name) => `\`${name}()\``).join(' and ');
  if (isVolatile(input.before, expression) === 'yes') return `${calls} gives each row its own value`;
  return `nothing declares ${calls} as STABLE or IMMUTABLE, so each row gets its own value`;
}

function parts(step: StepOf<'add-column'>): { readonly set: string; readonly table: string; readonly column: string } {
  const table = sqlName(step.table);
  const column = quoteName(step.column.name);
  return { table, column, set: `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${step.column.default?.text ?? 'NULL'};` };
}

function remedy(step: StepOf<'add-column'>): string {
  const strict = step.column.notNull ? ' Make it NOT NULL once no row is null (`CHECK … NOT VALID`, `VALIDATE`, then `SET NOT NULL`).' : '';
  return `Add the column without the default, then \`${parts(step).set}\` for new rows, and fill the old rows in batches.${strict}`;
}

/** Column first, default second, where the statement does nothing else and the column may stay empty for a while. */
function suggest(step: StepOf<'add-column'>): Suggestion | null {
  const fallback = step.column.default;
  if (fallback === null || fallback.text === '' || step.column.notNull || step.column.constraints.length > 0) return null;
  const at = step.statement.search(/\s+default\s/i);
  const end = step.statement.indexOf(fallback.text, at) + fallback.text.length;
  if (at < 0 || end < fallback.text.length || step.statement.slice(at, end).replace(/^\s+default\s+/i, '') !== fallback.text) return null;
  return replaceStatement(step, [`${step.statement.slice(0, at)}${step.statement.slice(end)}`, parts(step).set.slice(0, -1)]);
}
