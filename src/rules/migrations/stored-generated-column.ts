import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { isHeavy, lockNow } from '../../migrations/describe/work.js';
import { typeWords } from '../../migrations/describe/words.js';
import type { Expression } from '../../migrations/definition.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/stored-generated-column',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A stored generated column rewrites the whole table',
    why: '`GENERATED ALWAYS AS (…) STORED` computes the value of every existing row: the table and all of its indexes are written anew under an ACCESS EXCLUSIVE lock, while nobody can read or write. Giving such a column another expression (`SET EXPRESSION`) does the same.',
    remedy: 'From Postgres 18 on make it VIRTUAL, which is computed when it is read and adds nothing to the rows. Otherwise add a plain column, keep it with a trigger, and fill the old rows in batches; or put the expression into a view or an index and add no column at all.',
    limits: 'Silent on VIRTUAL columns, on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: generated columns', url: 'https://www.postgresql.org/docs/current/ddl-generated-columns.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      const computed = computedColumn(input);
      if (computed === null || (step.kind !== 'add-column' && step.kind !== 'set-expression') || !isHeavy(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      const name = `\`${displayName(key)}.${computed.name}\``;
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${computed.name}`,
        message: `${step.kind === 'add-column' ? `Adding the stored column ${name}` : `Another expression for the stored column ${name}`} computes it for every row, so all of ${tableWords(tables, key)} and its indexes are written anew under ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}.`,
        remedy: step.kind === 'add-column' ? addRemedy(input, step, computed.expression) : `Add a second column for the new expression, in the way that does not rewrite: a plain column kept by a trigger and filled in batches; then let the code use that one and drop \`${computed.name}\`.`,
      });
    },
  },
});

function computedColumn(input: MigrationInput): { readonly name: string; readonly expression: Expression } | null {
  const { step } = input;
  if (step.kind === 'set-expression') return { name: step.column, expression: step.expression };
  if (step.kind !== 'add-column' || step.column.generated === null) return null;
  const cause = columnCause(input, step);
  return cause?.kind === 'rewrite' && cause.reason === 'generated' ? { name: step.column.name, expression: step.column.generated.expression } : null;
}

function addRemedy({ target }: MigrationInput, step: StepOf<'add-column'>, expression: Expression): string {
  const column = quoteName(step.column.name);
  const add = `ALTER TABLE ${sqlName(step.table)} ADD COLUMN ${column} ${typeWords(step.column.type)}`;
  const plain = `\`${add};\`, a trigger BEFORE INSERT OR UPDATE that sets \`NEW.${column} := ${expression.text}\`, and the old rows filled in batches`;
  if (target.version < 18) return `Use a plain column: ${plain}; or put the expression into a view or an index instead.`;
  return `If it need not be stored: \`${add} GENERATED ALWAYS AS (${expression.text}) VIRTUAL;\`, which changes no row. Otherwise ${plain}.`;
}
