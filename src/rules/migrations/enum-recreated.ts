import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, effectEvidence, isSmallTable, sqlName, tableWords } from '../../migrations/describe.js';
import { anchoredOn, linesInWords, listInWords } from '../../migrations/describe/places.js';
import { splitKey } from '../../migrations/fold/edit.js';
import { isPutRight } from '../../migrations/patterns/put-right.js';
import { recreatedEnums, type RecreatedEnum } from '../../migrations/patterns/recreated-enum.js';
import { quoteLiteral } from '../../migrations/quote.js';
import type { Step } from '../../migrations/step.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/enum-recreated',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'An enum is made anew and its tables are rewritten',
    why: 'Postgres cannot take a value out of an enum, so tools create another type, change every column to it and drop the old one. Changing the columns writes all rows and indexes of their tables anew under an ACCESS EXCLUSIVE lock, which blocks every read and write; the first row that still holds a removed value makes the migration fail; and the running code that still writes one is refused from then on.',
    remedy:
      'To add values, `ALTER TYPE … ADD VALUE` writes no row. To be rid of one, stop using it in the code and leave it in the type: an unused value costs nothing. Where the database itself has to refuse it, add `CHECK (column <> …) NOT VALID` and validate it in a later transaction.',
    limits:
      'Does not speak of rows that hold a removed value where the migration rewrote or deleted them before. Silent where no column that production has changes over, and, when no value is removed, where `tables` in the configuration calls all of the tables small. The type changes themselves are not told again by `migrations/type-rewrite`. ' +
      'Counted over seventeen public histories (6,594 files): 34 of them do it.',
    references: [
      { title: 'PostgreSQL: ALTER TYPE', url: 'https://www.postgresql.org/docs/current/sql-altertype.html' },
      { title: 'PostgreSQL: enumerated types', url: 'https://www.postgresql.org/docs/current/datatype-enum.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const found = recreatedEnums(input.migration.up, input.before).filter((each) => each.removed.length > 0 || !tablesOf(input, each).every((key) => isSmallTable(input.tables, key)));
      const [first] = found;
      if (first === undefined) return;
      const judged = input.steps.find(({ step }) => step === first.changes[0]);
      yield {
        path: input.migration.path,
        ...anchoredOn(found.flatMap(({ changes }) => changes).map((step) => ({ words: '', span: step.span }))),
        symbol: found.map(({ key }) => displayName(key)).join(' '),
        message: found.map((each) => sentence(input, each)).join(' '),
        remedy: remedy(found),
        evidence: judged === undefined ? [] : [effectEvidence(judged.effect, judged.held, input.target)],
      };
    },
  },
});

function tablesOf(input: WholeMigrationInput, { changes }: RecreatedEnum): string[] {
  return [...new Set(changes.map((step) => resolveRelation(input.before, step.table)))];
}

function values(all: readonly string[]): string {
  return listInWords(all.map((value) => `\`${value}\``));
}

function sentence(input: WholeMigrationInput, found: RecreatedEnum): string {
  const tables = listInWords(tablesOf(input, found).map((key) => tableWords(input.tables, key)));
  const lines = linesInWords(found.changes.map((step: Step) => step.span.startLine));
  const name = `\`${displayName(found.key)}\``;
  const rewrites = `Making enum ${name} anew writes every row of ${tables} again (${lines}) under an ACCESS EXCLUSIVE lock, which blocks every read and write`;
  if (found.removed.length === 0) return `${rewrites}${found.added.length === 0 ? '.' : `, only to add ${values(found.added)}.`}`;
  const still = stillThere(input, found);
  const fails = still === null ? '' : `, and it fails at the first row ${still.tables === null ? '' : `of ${still.tables} `}that holds ${values(still.values)}`;
  const again = still?.values.length !== found.removed.length;
  return `${rewrites}${fails}; the running code that still writes ${again ? values(found.removed) : found.removed.length === 1 ? 'it' : 'one of them'} is refused from then on.`;
}

/** The removed values that no statement before cleared away, and where, when that is not in all of the tables. Null when there is none. */
function stillThere(input: WholeMigrationInput, found: RecreatedEnum): { readonly values: readonly string[]; readonly tables: string | null } | null {
  const { up } = input.migration;
  const left = found.changes.flatMap((step, at) => {
    const key = resolveRelation(input.before, step.table);
    // By way of text there are two changes: what counts is done before the second.
    if (found.changes.slice(at + 1).some((later) => later.column === step.column && resolveRelation(input.before, later.table) === key)) return [];
    return found.removed.filter((value) => !isPutRight(up.slice(0, up.indexOf(step)), input.before, key, step.column, value)).map((value) => ({ key, value }));
  });
  if (left.length === 0) return null;
  const tables = [...new Set(left.map(({ key }) => key))];
  const isEverywhere = tables.length === tablesOf(input, found).length;
  return { values: [...new Set(left.map(({ value }) => value))], tables: isEverywhere ? null : listInWords(tables.map((key) => tableWords(input.tables, key))) };
}

function remedy(found: readonly RecreatedEnum[]): string {
  return found
    .map((each) => {
      const { schema, name } = splitKey(each.key);
      const type = sqlName({ schema: schema === 'public' ? null : schema, name });
      if (each.removed.length > 0) return `Leave ${values(each.removed)} in ${type} unused: it costs nothing.${each.added.length === 0 ? '' : ` Add the new ones with ${adds(type, each.added)}.`}`;
      return each.added.length === 0 ? `Leave ${type} as it is: the order of its values is all that changes.` : `${adds(type, each.added)} ${each.added.length === 1 ? 'does' : 'do'} it without writing a row.`;
    })
    .join(' ');
}

function adds(type: string, added: readonly string[]): string {
  return listInWords(added.map((value) => `\`ALTER TYPE ${type} ADD VALUE ${quoteLiteral(value)};\``));
}
