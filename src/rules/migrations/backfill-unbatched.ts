import type { Sighting } from '../../core/finding.js';
import { inBatches } from '../../migrations/describe/batches.js';
import { BUSY_WORDS } from '../../migrations/describe/busy.js';
import { effectEvidence, tableWords } from '../../migrations/describe.js';
import { anchoredOn, excerpt, placesInWords } from '../../migrations/describe/places.js';
import { bulkWrites, type BulkWrite } from '../../migrations/patterns/writes.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/backfill-unbatched',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Many rows are written in one statement',
    why: 'One UPDATE over all rows that lack a value locks each of them until the last one is written, holds vacuum back meanwhile, lets replicas fall behind, and starts from the beginning if it is cancelled. The deployment waits for it.',
    remedy: 'Write in batches of some thousand rows, each in a transaction of its own, with a condition that leaves out the rows that are done, from a script or a job that can be stopped and started again.',
    limits:
      'Speaks of an UPDATE whose condition compares no column with constants (`WHERE x IS NULL`, a join, a pattern). Silent on tables that the same pull request creates, on temporary tables, on tables that `tables` in the configuration calls small, and on literal rows. DELETE with a condition and INSERT … SELECT are told only where the configuration calls the table busy, and so is an UPDATE with constants that is not by key; ' +
      `${BUSY_WORDS}. ` +
      'Counted over nine public histories (2,433 migrations): 26 of them have one.',
    references: [{ title: 'PostgreSQL: row-level locks', url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const writes = bulkWrites(input, input.tables).filter((write) => write.problem === 'unbatched');
      const [first] = writes;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(writes.map(({ step }) => ({ words: '', span: step.span }))),
        symbol: writes.map(({ key }) => key).join(' '),
        message: message(input, writes),
        remedy: `In batches, outside the migration: \`${inBatches(first)}\`, again until it touches no row, each time in its own transaction.`,
        evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
      };
    },
  },
});

function message(input: WholeMigrationInput, writes: readonly BulkWrite[]): string {
  const [first] = writes;
  if (first === undefined) return '';
  const places = placesInWords(writes.map(({ key, step }) => ({ words: tableWords(input.tables, key), span: step.span })));
  if (first.step.kind === 'insert' || first.step.kind === 'create-table-as') return `INSERT … SELECT copies the rows of ${places} in one statement: if it is cancelled all of it is undone, vacuum is held back and replicas fall behind until it is through.`;
  const which = writes.length > 1 ? 'that match' : `where \`${excerpt(first.step.predicate?.text ?? '', 70)}\``;
  return `${first.step.kind === 'delete' ? 'DELETE removes' : 'UPDATE writes'} all rows of ${places} ${which} in one statement: each stays locked until the last one is done, and if it is cancelled it starts from the beginning.`;
}
