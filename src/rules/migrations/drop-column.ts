import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, effectEvidence, tableWords } from '../../migrations/describe.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/drop-column',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A dropped column breaks the code that still runs',
    why: 'While a release rolls out, and again when it is rolled back, code of the version before is running. Most of what reads a table names its columns, ORMs always: from the moment the column is gone each of those statements fails with “column does not exist”. And its values are gone: no revert brings them back.',
    remedy:
      'In two releases: first ship code that neither reads nor writes the column (in an ORM: take it out of the model or mark it ignored), drop the column in a later one. Make it nullable or give it a default in the first, so that inserts that leave it out succeed. Keep a copy of the values if they could be wanted.',
    limits: 'Silent on columns and tables that the same pull request creates, and on `IF EXISTS` where the history shows that the column is not there. Whether the code has stopped using the column is not looked at by this rule.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, DROP COLUMN', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'Martin Fowler: parallel change', url: 'https://martinfowler.com/bliki/ParallelChange.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      if (step.kind !== 'drop-column') return;
      const key = resolveRelation(input.before, step.table);
      if (isNew(input, key, step.column) || isAbsent(input, key, step.column, step.columnIfExists || step.ifExists)) return;
      yield {
        path: input.migration.path,
        span: step.span,
        symbol: `${displayName(key)}.${step.column}`,
        message: `Dropping \`${displayName(key)}.${step.column}\` makes every statement of the running code that names it fail (“column "${step.column}" does not exist”) until the new version is everywhere, and the values in ${tableWords(input.tables, key)} cannot be brought back by a revert.${lost(input, key, step.column)}`,
        remedy: `First ship code that no longer reads or writes \`${step.column}\`; drop it in a later release.`,
        evidence: [effectEvidence(input.effect, input.held, input.target)],
      };
    },
  },
});

/** Whether the column came with this very change: nothing that runs can know it. */
function isNew(input: MigrationInput, key: string, column: string): boolean {
  if (input.before.fresh.has(key)) return true;
  const deployed = input.deployed.tables.get(key);
  return deployed?.complete === true && !deployed.columns.has(column) && input.before.tables.get(key)?.columns.has(column) === true;
}

function isAbsent(input: MigrationInput, key: string, column: string, ifExists: boolean): boolean {
  if (!ifExists) return false;
  const table = input.before.tables.get(key);
  return table === undefined ? input.before.tables.size > 0 : table.complete && !table.columns.has(column);
}

/** Indexes and constraints that silently go with it. */
function lost(input: MigrationInput, key: string, column: string): string {
  const table = input.before.tables.get(key);
  const constraints = [...(table?.constraints.values() ?? [])].flatMap(({ name, definition }) => ('columns' in definition && definition.columns.length > 1 && definition.columns.includes(column) ? [`constraint \`${name}\``] : []));
  const indexes = [...input.before.indexes.values()].flatMap((index) => (index.table === key && index.constraint === null && index.columns.length > 1 && index.mentions.includes(column) ? [`index \`${index.name}\``] : []));
  const all = [...constraints, ...indexes];
  return all.length === 0 ? '' : ` It takes ${all.join(' and ')} along.`;
}
