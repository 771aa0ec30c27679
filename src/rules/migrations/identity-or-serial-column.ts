import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { notNullText, usingIndexRemedy } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { isHeavy, lockNow } from '../../migrations/describe/work.js';
import { typeWords } from '../../migrations/describe/words.js';
import { objectName } from '../../migrations/fold/edit.js';
import { quoteLiteral, quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/identity-or-serial-column',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A new column that numbers the rows rewrites the whole table',
    why: 'A column of type `serial` or `bigserial`, or `GENERATED … AS IDENTITY`, gives each existing row its own number: `ADD COLUMN` writes the table and all of its indexes anew under an ACCESS EXCLUSIVE lock. Nobody can read or write meanwhile, and the disk needs room for a second copy.',
    remedy: 'Add a plain nullable column, give it a sequence as its default (that counts for new rows only), number the old rows in batches, and make it NOT NULL once no row is null.',
    limits: 'Silent on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [
      { title: 'PostgreSQL: tips on adding a column', url: 'https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN' },
      { title: 'PostgreSQL: serial types', url: 'https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-column' || !isHeavy(input, step.table)) return;
      const cause = columnCause(input, step);
      if (cause?.kind !== 'rewrite' || (cause.reason !== 'identity' && cause.reason !== 'serial')) return;
      const key = resolveRelation(input.before, step.table);
      const as = cause.reason === 'identity' ? 'an identity column' : `\`${step.column.type.name}\``;
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column.name}`,
        message: `Adding \`${displayName(key)}.${step.column.name}\` as ${as} gives each row a number of its own, so it writes all of ${tableWords(tables, key)} and its indexes anew while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}.`,
        remedy: remedy(input, step),
      });
    },
  },
});

const SERIALS: Readonly<Record<string, string>> = { smallserial: 'smallint', serial: 'integer', bigserial: 'bigint' };

function remedy(input: MigrationInput, step: StepOf<'add-column'>): string {
  const table = sqlName(step.table);
  const column = quoteName(step.column.name);
  const type = SERIALS[step.column.type.name] ?? typeWords(step.column.type);
  const sequence = sqlName({ schema: step.table.schema, name: objectName(step.table.name, step.column.name, 'seq') });
  const first = [
    `ALTER TABLE ${table} ADD COLUMN ${column} ${type};`,
    `CREATE SEQUENCE ${sequence} AS ${type} OWNED BY ${table}.${column};`,
    `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT nextval(${quoteLiteral(sequence)});`,
  ].join(' ');
  const key = step.column.constraints.find((constraint) => constraint.kind === 'primary-key' || constraint.kind === 'unique');
  const unique = key?.kind === 'primary-key' || key?.kind === 'unique' ? ` ${usingIndexRemedy(input, step.table, { ...key, columns: [step.column.name] })}` : '';
  return `\`${first}\` Then number the old rows in batches, and make the column NOT NULL: ${notNullText(input, step.table, step.column.name)}.${unique}`;
}
