import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { Expression } from '../../migrations/definition.js';
import { displayName, effectEvidence, isSmallTable, lockDuring, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { rewriteReason } from '../../migrations/effects/columns.js';
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
      const { step, effect } = input;
      if (step.kind !== 'add-column' || step.column.default === null || effect.rewrite.length === 0) return;
      const reason = rewriteReason(input.before, step.column, input.target.version);
      const key = resolveRelation(input.before, step.table);
      if ((reason !== 'volatile-default' && reason !== 'default-before-11') || isSmallTable(input.tables, key)) return;
      const suggestion = suggest(step);
      yield {
        path: input.migration.path,
        span: step.span,
        symbol: `${displayName(key)}.${step.column.name}`,
        message: `Adding \`${displayName(key)}.${step.column.name}\` with \`DEFAULT ${step.column.default.text}\` writes all of ${tableWords(input.tables, key)} and its indexes anew, since ${because(input, step.column.default, reason)}, while it holds ${lockSentence(lockDuring(effect, input.held, key) ?? 'AccessExclusiveLock')}.`,
        remedy: remedy(step),
        evidence: [effectEvidence(effect, input.held, input.target)],
        ...(suggestion === null ? {} : { suggestion }),
      };
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
  const single = step.span === step.statementSpan || (step.span.startLine === step.statementSpan.startLine && step.span.startColumn === step.statementSpan.startColumn && step.span.endLine === step.statementSpan.endLine && step.span.endColumn === step.statementSpan.endColumn);
  if (fallback === null || fallback.text === '' || !single || !step.wholeLines || step.column.notNull || step.column.constraints.length > 0) return null;
  const clause = new RegExp(`\\s+default\\s+${escape(fallback.text)}`, 'i');
  const text = step.statement.replace(clause, '');
  if (text === step.statement) return null;
  return { startLine: step.statementSpan.startLine, endLine: step.statementSpan.endLine, text: `${text};\n${parts(step).set}` };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
