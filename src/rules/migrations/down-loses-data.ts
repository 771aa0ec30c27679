import type { Sighting } from '../../core/finding.js';
import type { DataLoss } from '../../core/proof-report.js';
import { displayName } from '../../migrations/describe.js';
import { listInWords } from '../../migrations/describe/places.js';
import { downPlace, meansToUndo, observation } from '../../migrations/describe/proof.js';
import { defineRule } from '../define-rule.js';

const SHOWN = 4;

export const rule = defineRule({
  id: 'migrations/down-loses-data',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Rolling back does not bring the data back',
    why: 'The down restores the structure, so a rollback looks complete: the code before starts, finds its column, and reads NULL, a default or a cut value in every row. What was in there is only in a backup, from before the migration.',
    remedy: 'Keep the data until nobody will roll back any more: rename the column or table instead of dropping it, copy values before converting them, and drop in a later release (expand, then contract).',
    limits:
      'Proved, not guessed: rows are seeded before up and compared after down. Speaks of rows and values that were there before the migration; what is written after it in columns that it adds is lost by nature and nobody is accused of it. Silent where the down ends with an error (`migrations/down-fails`), and where it is empty or says that there is none.',
    references: [{ title: 'Martin Fowler: parallel change (expand and contract)', url: 'https://martinfowler.com/bliki/ParallelChange.html' }],
  },
  checks: {
    *proof({ proof, migration, server, changes }): Iterable<Sighting> {
      const { dataLoss } = proof;
      if (proof.downError !== undefined || dataLoss.length === 0 || !meansToUndo(migration, changes)) return;
      const { path, span } = downPlace(migration, changes);
      const names = dataLoss.map((one) => `\`${displayName(one.column ?? one.table ?? '')}\``);
      yield {
        path,
        span,
        symbol: `down ${migration.id}`,
        message: `Up and down lose what was in ${listInWords(names, SHOWN)}: ${dataLoss.slice(0, SHOWN).map(lossWords).join('; ')}. A rollback restores the structure and not the data.`,
        remedy: `Keep ${listInWords(names, SHOWN)} until this release will not be rolled back any more: rename it in the up and back in the down, or copy the values aside, and drop them in a later migration.`,
        evidence: dataLoss.slice(0, 5).map((one) => observation(server, `after up and down, ${lossWords(one)}`)),
      };
    },
  },
});

function lossWords({ column, table, rows, of }: DataLoss): string {
  const share = `${String(rows)} of ${String(of)}`;
  return column === undefined ? `${share} seeded rows of \`${displayName(table ?? '')}\` are gone` : `${share} seeded values of \`${displayName(column)}\` are gone or others`;
}
