import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, effectEvidence, tableWords } from '../../migrations/describe.js';
import { anchoredOn, listInWords, placesInWords, type Place } from '../../migrations/describe/places.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { isAbsentColumn, isNewColumn } from '../../migrations/patterns/existing.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/drop-column',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A dropped column breaks the code that still runs',
    why: 'While a release rolls out, and again when it is rolled back, code of the version before is running. Most of what reads a table names its columns, ORMs always: from the moment the column is gone each of those statements fails with “column does not exist”. And its values are gone: no revert brings them back.',
    remedy:
      'In two releases: first ship code that neither reads nor writes the column (in an ORM: take it out of the model or mark it ignored), drop the column in a later one. Make it nullable or give it a default in the first, so that inserts that leave it out succeed. Keep a copy of the values if they could be wanted.',
    limits: 'Silent on columns and tables that the same pull request creates, on `IF EXISTS` where the history shows that the column is not there, and where a column of that name is there again at the end of the migration (see `migrations/drop-and-re-add`). Whether the code has stopped using the column is not looked at by this rule.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, DROP COLUMN', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'Martin Fowler: parallel change', url: 'https://martinfowler.com/bliki/ParallelChange.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const dropped = input.steps.flatMap((judged) => droppedColumn(input, judged) ?? []);
      const [first] = dropped;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(dropped.map(placeOf)),
        symbol: dropped.map(nameOf).join(' '),
        message: message(input, dropped),
        remedy: `First ship code that no longer reads or writes ${listInWords(dropped.map(({ column }) => `\`${column}\``))}; drop ${dropped.length === 1 ? 'it' : 'them'} in a later release.`,
        evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
      };
    },
  },
});

interface DroppedColumn {
  readonly judged: JudgedStep;
  readonly key: string;
  readonly column: string;
}

/** A column that production has and that this step takes away for good. */
function droppedColumn({ after }: WholeMigrationInput, judged: JudgedStep): DroppedColumn | null {
  const { step, before } = judged;
  if (step.kind !== 'drop-column') return null;
  const key = resolveRelation(before, step.table);
  if (isNewColumn(judged, key, step.column) || isAbsentColumn(judged, key, step.column, step.columnIfExists || step.ifExists)) return null;
  return after.tables.get(key)?.columns.has(step.column) === true ? null : { judged, key, column: step.column };
}

function nameOf({ key, column }: DroppedColumn): string {
  return `${displayName(key)}.${column}`;
}

function placeOf(dropped: DroppedColumn): Place {
  return { words: `\`${nameOf(dropped)}\``, span: dropped.judged.step.span };
}

function message(input: WholeMigrationInput, dropped: readonly DroppedColumn[]): string {
  const [first] = dropped;
  const one = dropped.length === 1;
  const tables = [...new Set(dropped.map(({ key }) => key))].map((key) => tableWords(input.tables, key));
  return (
    `Dropping ${placesInWords(dropped.map(placeOf))} makes every statement of the running code that names ${one ? 'it' : 'one of them'} fail (“column "${first?.column ?? ''}" does not exist”) until the new version is everywhere, ` +
    `and the values in ${listInWords(tables)} cannot be brought back by a revert.${lostIndexes(dropped)}`
  );
}

/** Indexes over further columns that silently go with them. Constraints are `migrations/drop-column-loses-constraint`. */
function lostIndexes(dropped: readonly DroppedColumn[]): string {
  const gone = new Set<string>();
  for (const { judged, key, column } of dropped) {
    for (const index of judged.before.indexes.values()) {
      if (index.table === key && index.constraint === null && !index.unique && index.columns.length > 1 && index.mentions.includes(column)) gone.add(`index \`${index.name}\``);
    }
  }
  return gone.size === 0 ? '' : ` It takes ${listInWords([...gone])} along.`;
}
