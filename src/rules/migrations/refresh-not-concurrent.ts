import type { Sighting, Suggestion } from '../../core/finding.js';
import { indexesOf, resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { replaceStatement, withWord } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/refresh-not-concurrent',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'REFRESH keeps everybody from reading the materialized view',
    why: '`REFRESH MATERIALIZED VIEW` holds an ACCESS EXCLUSIVE lock on the view while its query runs: everybody who reads the view waits until the last row is computed, and in a transaction until that ends.',
    remedy: 'Use `REFRESH MATERIALIZED VIEW CONCURRENTLY`: readers see the old rows until the new ones are there. It needs a unique index on plain columns, without a condition, and a view that was filled before.',
    limits: 'Silent on views created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: REFRESH MATERIALIZED VIEW', url: 'https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      if (step.kind !== 'refresh-materialized-view' || step.concurrently || !isHeavy(input, step.view)) return;
      const key = resolveRelation(input.before, step.view);
      const message = step.withData
        ? `REFRESH computes \`${displayName(key)}\` anew while it holds ${lockSentence('AccessExclusiveLock')} of ${tableWords(input.tables, key)}, ${untilWords(input, 'its query is done')}.`
        : `WITH NO DATA empties ${tableWords(input.tables, key)}: every query on it fails (“has not been populated”) until it is refreshed again.`;
      yield sightingAt(input, { symbol: displayName(key), message, remedy: remedy(input, step, key), suggestion: suggest(input, step, key) });
    },
  },
});

function hasUniqueIndex(input: MigrationInput, key: string): boolean {
  return indexesOf(input.before, key).some((index) => index.unique && !index.partial && index.columns.every((column) => column !== null));
}

function remedy(input: MigrationInput, step: StepOf<'refresh-materialized-view'>, key: string): string {
  const name = sqlName(step.view);
  const use = `\`REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};\` lets others read meanwhile`;
  if (!step.withData) return `Leave the old rows in place until new ones are there: ${use}.`;
  return hasUniqueIndex(input, key) ? `${use}.` : `${use}. It needs a unique index first: \`CREATE UNIQUE INDEX ON ${name} (…);\` on columns that identify a row.`;
}

function suggest(input: MigrationInput, step: StepOf<'refresh-materialized-view'>, key: string): Suggestion | null {
  if (!step.withData || !hasUniqueIndex(input, key)) return null;
  const text = withWord(step.statement, /^refresh\s+materialized\s+view\b/i, 'CONCURRENTLY');
  return text === null ? null : replaceStatement(step, [text]);
}
