import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { replaceStatement, withWord } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { howOutside, sharesTransaction, untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, lockNow } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/index-not-concurrent',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Building an index blocks every write to the table',
    why: '`CREATE INDEX` holds a SHARE lock while it reads and sorts the whole table: inserts, updates and deletes wait until the index is built, minutes to hours on a large table. In a migration the lock stays until the transaction ends.',
    remedy: 'Use `CREATE INDEX CONCURRENTLY`, which lets writes go on. It cannot run inside a transaction, so switch the migration’s transaction off and let it do nothing else. After a failure drop the invalid index it leaves behind before trying again.',
    limits:
      'Silent on tables created in the same pull request, on materialized views, where `IF NOT EXISTS` finds the index, and on tables that `tables` in the configuration calls small. Partitioned tables are `migrations/partitioned-index`.',
    references: [
      { title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'create-index' || step.concurrently || !isHeavy(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      if (input.before.tables.get(key)?.partitionBy != null || input.before.views.has(key)) return;
      const what = `${step.unique ? 'unique index' : 'index'}${step.index === null ? '' : ` \`${step.index}\``}`;
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.index ?? step.elements.map((element) => element.column ?? element.expression?.text ?? '').join('_')}`,
        message: `Building ${what} reads all of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'ShareLock')}, ${untilWords(input, 'the index is built')}.`,
        remedy: remedy(input, step),
        suggestion: suggest(input, step),
      });
    },
  },
});

function remedy(input: MigrationInput, step: StepOf<'create-index'>): string {
  const name = `CREATE ${step.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY`;
  const { framework } = input.migration;
  const failure = 'If it fails, drop the invalid index it leaves behind before trying again.';
  if (!sharesTransaction(input)) {
    const unsure = framework === 'sql' ? ' It cannot run inside a transaction: see that whatever runs these files opens none.' : '';
    return `Use \`${name}\`: it takes longer and lets writes go on.${unsure} ${failure}`;
  }
  return `Use \`${name}\`, which lets writes go on. It cannot run inside a transaction: ${howOutside(input, 'build the index by hand before the deployment and keep `CREATE INDEX IF NOT EXISTS` in the migration')} ${failure}`;
}

function suggest(input: MigrationInput, step: StepOf<'create-index'>): Suggestion | null {
  if (sharesTransaction(input)) return null;
  const text = withWord(step.statement, /^create\s+(?:unique\s+)?index\b/i, 'CONCURRENTLY');
  return text === null ? null : replaceStatement(step, [text]);
}
