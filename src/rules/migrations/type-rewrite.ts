import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { columnBefore, isOfRecreatedEnum, typeNarrowing } from '../../migrations/describe/changed-type.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { isHeavy, lockNow } from '../../migrations/describe/work.js';
import { typeWords } from '../../migrations/describe/words.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/type-rewrite',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Changing a column’s type rewrites the whole table',
    why: 'Unless the new type stores the same bytes and takes every old value (a longer `varchar`, `varchar` to `text`, more digits of `numeric` at the same scale), `ALTER COLUMN … TYPE` writes every row and every index anew under an ACCESS EXCLUSIVE lock. Nobody can read or write meanwhile, and the disk needs room for a second copy.',
    remedy: 'Add a column of the new type, have the code (or a trigger) write both, fill the old rows in batches, then swap the names in one short transaction and drop the old column in a later release.',
    limits: 'Silent on changes that write nothing, on tables created in the same pull request and on those that `tables` in the configuration calls small. A type that can refuse or cut values is reported by `migrations/type-narrowing`. A column that the history does not know is taken to be rewritten, unless it becomes `text`.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, what rewrites a table', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'Martin Fowler: parallel change', url: 'https://martinfowler.com/bliki/ParallelChange.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect, tables } = input;
      if (step.kind !== 'set-type' || !isHeavy(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      if (!effect.rewrite.length || typeNarrowing(input, step) !== null || isOfRecreatedEnum(input, step)) return;
      const from = columnBefore(input, step)?.type;
      const change = from === undefined ? `to ${typeWords(step.type)}` : `from ${typeWords(from)} to ${typeWords(step.type)}`;
      const sure = from === undefined ? ' unless both types store the same bytes (the history does not show its type),' : '';
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column}`,
        message: `Changing \`${displayName(key)}.${step.column}\` ${change} writes all of ${tableWords(tables, key)} and its indexes anew,${sure} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}.`,
        remedy: remedy(input, step),
      });
    },
  },
});

function remedy({ target, before }: MigrationInput, step: StepOf<'set-type'>): string {
  const table = sqlName(step.table);
  const fresh = quoteName(`${step.column.slice(0, 59)}_new`);
  const column = quoteName(step.column);
  const old = quoteName(`${step.column.slice(0, 59)}_old`);
  const convert = step.using === null ? column : step.using.text;
  const type = typeWords(step.type);
  const swap = `\`ALTER TABLE ${table} RENAME COLUMN ${column} TO ${old}; ALTER TABLE ${table} RENAME COLUMN ${fresh} TO ${column};\``;
  const zone = before.tables.get(resolveRelation(before, step.table))?.columns.get(step.column)?.type.name;
  const utc = target.version >= 12 && step.using === null && step.type.name === 'timestamptz' && zone === 'timestamp' ? ' (If the values are in UTC: `SET timezone = \'UTC\';` before it spares the rewrite, though indexes on the column are still built anew.)' : '';
  return `\`ALTER TABLE ${table} ADD COLUMN ${fresh} ${type};\`, write both columns from the code or a trigger, fill the old rows in batches (\`SET ${fresh} = ${convert}\`), then swap in one transaction: ${swap}.${utc}`;
}
