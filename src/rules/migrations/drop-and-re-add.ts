import type { Sighting, Suggestion } from '../../core/finding.js';
import { displayName, effectEvidence, sqlName, tableWords } from '../../migrations/describe.js';
import { anchoredOn, listInWords, placesInWords } from '../../migrations/describe/places.js';
import { typeChange } from '../../migrations/effects/type-change.js';
import { isNewColumn } from '../../migrations/patterns/existing.js';
import { areRowsRemoved } from '../../migrations/patterns/put-right.js';
import { isPlainDefinition, reAddedColumns, type ReAddedColumn } from '../../migrations/patterns/re-added-column.js';
import { quoteName } from '../../migrations/quote.js';
import { typeWords } from '../../migrations/describe/words.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/drop-and-re-add',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A column is dropped and added again: its values are gone',
    why: 'Dropping a column and adding one of the same name looks like a change of its type, and tools generate it as one. For the server they are two columns: the new one starts with NULL, or with its default, in every row, and what the old one held cannot be brought back by a revert.',
    remedy:
      'Change the type in place (`ALTER COLUMN … TYPE … USING …`), or add a column under a new name, fill it from the old one in batches, move the code over, and drop the old one in a later release. Tools that generate both statements let you edit the migration before it runs.',
    limits:
      'Silent on columns and tables that the same pull request creates, on generated columns, where the migration deletes every row of the table before, and where a later statement of the migration writes other than one constant value to the new column. A DO block or procedure that mentions the column counts as writing it. A drop and an add in two migrations are not connected.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, SET DATA TYPE', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'Prisma: customizing migrations', url: 'https://www.prisma.io/docs/orm/prisma-migrate/workflows/customizing-migrations' },
      { title: 'TypeORM: column length changes drop and create the column', url: 'https://github.com/typeorm/typeorm/issues/3357' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const found = reAddedColumns(input.migration.up, input.before).filter((each) => !isNewColumn(input, each.key, each.dropped.column) && !isEmptied(input, each));
      const [first] = found;
      if (first === undefined) return;
      const judged = input.steps.find(({ step }) => step === first.dropped);
      const suggestion = found.length === 1 ? suggest(input, first) : null;
      yield {
        path: input.migration.path,
        ...anchoredOn(found.map(({ dropped }) => ({ words: '', span: dropped.span }))),
        symbol: found.map(nameOf).join(' '),
        message: message(input, found),
        remedy: remedy(first),
        evidence: judged === undefined ? [] : [effectEvidence(judged.effect, judged.held, input.target)],
        ...(suggestion === null ? {} : { suggestion }),
      };
    },
  },
});

/** Whether the rows are gone by then: their loss is told where they go. */
function isEmptied({ migration, before }: WholeMigrationInput, { key, dropped }: ReAddedColumn): boolean {
  return areRowsRemoved(migration.up.slice(0, migration.up.indexOf(dropped)), before, key);
}

/** Whether the new column has no value for the rows that are there, and must have one. */
function isRequired({ added: { column } }: ReAddedColumn): boolean {
  return column.notNull && column.default === null && column.identity === null && !column.type.name.includes('serial');
}

function nameOf({ key, dropped }: ReAddedColumn): string {
  return `${displayName(key)}.${dropped.column}`;
}

function message(input: WholeMigrationInput, found: readonly ReAddedColumn[]): string {
  const places = found.map((each) => ({ words: `\`${nameOf(each)}\``, span: each.dropped.span }));
  const [first] = found;
  if (first === undefined || found.length > 1) return several(found, placesInWords(places));
  const from = input.before.tables.get(first.key)?.columns.get(first.dropped.column)?.type;
  const change = from === undefined ? '' : `, from \`${typeWords(from)}\` to \`${typeWords(first.added.column.type)}\``;
  const line = (first.renamed ?? first.added).span.startLine;
  const again = line === first.dropped.span.startLine ? 'added again' : `${first.renamed === null ? 'added again' : `replaced by \`${first.added.column.name}\``} on line ${String(line)}`;
  if (isRequired(first)) return `\`${nameOf(first)}\` is dropped here and ${again}${change}, as NOT NULL without a default: this fails as soon as ${tableWords(input.tables, first.key)} has a row, and whoever makes way for it with a default or by deleting rows loses every value the column holds.`;
  return `\`${nameOf(first)}\` is dropped here and ${again}${change}: every value it holds in ${tableWords(input.tables, first.key)} is lost, each row gets ${startValue(first)}, and a revert does not bring the values back.`;
}

function several(found: readonly ReAddedColumn[], places: string): string {
  const required = found.filter(isRequired).map((each) => `\`${nameOf(each)}\``);
  if (required.length === 0) return `${places} are dropped and added again empty: what they hold now is lost, and a revert does not bring it back.`;
  const which = required.length === found.length ? '' : `${listInWords(required)} `;
  return `${places} are dropped and added again, ${which}as NOT NULL without a default: this fails as soon as there is a row, and whoever makes way for it with a default or by deleting rows loses what they hold now.`;
}

function startValue({ added }: ReAddedColumn): string {
  const { column } = added;
  if (column.default !== null) return `\`${column.default.text.slice(0, 60)}\``;
  return column.identity !== null || column.type.name.includes('serial') ? 'a new number' : 'NULL';
}

// What a serial column stores.
const STORED: Readonly<Record<string, string>> = { smallserial: 'int2', serial: 'int4', bigserial: 'int8' };

function alterType({ dropped, added }: ReAddedColumn): string {
  const type = typeWords({ ...added.column.type, name: STORED[added.column.type.name] ?? added.column.type.name });
  const column = quoteName(dropped.column);
  return `ALTER TABLE ${sqlName(dropped.table)} ALTER COLUMN ${column} TYPE ${type} USING ${column}::${type};`;
}

function remedy(first: ReAddedColumn): string {
  return `Keep the values: \`${alterType(first)}\` (which may rewrite the table under a lock), or add the new column under another name, fill it in batches, and drop \`${first.dropped.column}\` in a later release.`;
}

/** In place, where that costs the server nothing. */
function suggest(input: WholeMigrationInput, found: ReAddedColumn): Suggestion | null {
  const { dropped, added, renamed, key } = found;
  const column = input.before.tables.get(key)?.columns.get(dropped.column);
  const two = input.migration.up.filter((step) => step.statementIndex === dropped.statementIndex);
  if (renamed !== null || column === undefined || two.length !== 2 || added.statementIndex !== dropped.statementIndex || !dropped.wholeLines) return null;
  if (!isPlainDefinition(added.column) || column.default !== null || column.notNull !== added.column.notNull) return null;
  if (typeChange(input.before, column, added.column.type, null, false, input.target.version) !== 'none') return null;
  const text = `ALTER TABLE ${sqlName(dropped.table)} ALTER COLUMN ${quoteName(dropped.column)} TYPE ${typeWords(added.column.type)};`;
  return { startLine: dropped.statementSpan.startLine, endLine: dropped.statementSpan.endLine, text: `${' '.repeat(dropped.statementSpan.startColumn - 1)}${text}` };
}
