import type { Sighting } from '../../core/finding.js';
import { inBatches } from '../../migrations/describe/batches.js';
import { effectEvidence, tableWords } from '../../migrations/describe.js';
import { anchoredOn, listInWords, placesInWords } from '../../migrations/describe/places.js';
import { bulkWrites, type BulkWrite } from '../../migrations/patterns/writes.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/unbounded-write',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'UPDATE or DELETE of every row of a table',
    why: 'Without a WHERE, or with one that is always true, every row is locked, written anew and, with UPDATE, kept twice until vacuum comes by, all in one transaction: whoever wants to change one of these rows waits until the last one is done, replicas fall behind, and if it fails near the end everything is undone. A DELETE of every row is more often a forgotten condition than meant.',
    remedy:
      'Write in batches of some thousand rows by key, each in a transaction of its own, outside the migration (a script or a job), with a condition that leaves out the rows that are done. To start new rows with a value, ADD COLUMN with a constant DEFAULT writes no rows at all. To empty a table, say so with TRUNCATE.',
    limits:
      'Silent on tables that the same pull request creates, on temporary tables, on tables that `tables` in the configuration calls small, and on an UPDATE while the transaction holds a lock on the same table: that is `migrations/work-while-locked`. Whether the table is large is not known unless the configuration says so. ' +
      'Counted over nine public histories (2,433 migrations): 18 of them have such a statement.',
    references: [
      { title: 'PostgreSQL: routine vacuuming', url: 'https://www.postgresql.org/docs/current/routine-vacuuming.html' },
      { title: 'PostgreSQL: row-level locks', url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const writes = bulkWrites(input, input.tables).filter((write) => write.problem === 'unbounded');
      for (const kind of ['update', 'delete'] as const) {
        const these = writes.filter((write) => write.step.kind === kind);
        const [first] = these;
        if (first === undefined) continue;
        yield {
          path: input.migration.path,
          ...anchoredOn(these.map(({ step }) => ({ words: '', span: step.span }))),
          symbol: `${kind} ${these.map(({ key }) => key).join(' ')}`,
          message: message(input, kind, these),
          remedy: remedy(kind, first),
          evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
        };
      }
    },
  },
});

function message(input: WholeMigrationInput, kind: 'update' | 'delete', writes: readonly BulkWrite[]): string {
  const places = placesInWords(writes.map(({ key, step }) => ({ words: tableWords(input.tables, key), span: step.span })));
  if (kind === 'delete') return `DELETE removes every row of ${places}: each stays locked until the transaction ends, and no revert brings one back.`;
  const columns = [...new Set(writes.flatMap(({ step }) => (step.kind === 'update' ? step.columns : [])))].map((column) => `\`${column}\``);
  return `UPDATE writes ${columns.length === 0 ? '' : `${listInWords(columns)} of `}every row of ${places} anew in one transaction: whoever wants to change one of these rows waits until the last is done.`;
}

function remedy(kind: 'update' | 'delete', write: BulkWrite): string {
  if (kind === 'delete') return `Say with a WHERE which rows are to go, and delete them in batches (\`${inBatches(write)}\`, again until no row is left), or use TRUNCATE where really all of them are meant.`;
  return `Update in batches outside the migration, with a condition that leaves out what is done: \`${inBatches(write)}\`, again until it touches no row, each time in its own transaction.`;
}
