import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, effectEvidence, isSmallTable, lockSentence, tableWords } from '../../migrations/describe.js';
import type { TransactionFact } from '../../migrations/migration.js';
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
      'Silent on tables created in the same pull request, on materialized views, where `IF NOT EXISTS` finds the index, and on tables that `tables` in the configuration calls small. On a partitioned table CONCURRENTLY is not possible; there the way is `ON ONLY` and one index per partition.',
    references: [
      { title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect } = input;
      if (step.kind !== 'create-index' || step.concurrently || effect.scan.length === 0) return;
      const key = resolveRelation(input.before, step.table);
      if (isSmallTable(input.tables, key) || input.before.views.has(key)) return;
      const what = `${step.unique ? 'unique index' : 'index'}${step.index === null ? '' : ` \`${step.index}\``}`;
      const suggestion = suggest(input, step);
      yield {
        path: input.migration.path,
        span: step.span,
        symbol: `${displayName(key)}.${step.index ?? step.elements.map((element) => element.column ?? element.expression?.text ?? '').join('_')}`,
        message: `Building ${what} reads all of ${tableWords(input.tables, key)} while it holds ${lockSentence('ShareLock')}${isPartitioned(input, key) ? ' of its partitions' : ''}, until the index is built${input.inTransaction ? ' and the transaction ends' : ''}.`,
        remedy: remedy(input, step, key),
        evidence: [effectEvidence(effect, input.held, input.target)],
        ...(suggestion === null ? {} : { suggestion }),
      };
    },
  },
});

function isPartitioned(input: MigrationInput, key: string): boolean {
  return input.before.tables.get(key)?.partitionBy != null;
}

function remedy(input: MigrationInput, step: StepOf<'create-index'>, key: string): string {
  if (isPartitioned(input, key)) {
    return `CONCURRENTLY does not work on a partitioned table: create the index with \`ON ONLY ${displayName(key)}\`, build one on each partition with \`CREATE INDEX CONCURRENTLY\`, and attach them with \`ALTER INDEX … ATTACH PARTITION\`.`;
  }
  const name = `CREATE ${step.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY`;
  const { framework, transaction } = input.migration;
  const failure = 'If it fails, drop the invalid index it leaves behind before trying again.';
  if (!input.inTransaction) {
    const unsure = framework === 'sql' ? ' It cannot run inside a transaction: see that whatever runs these files opens none.' : '';
    return `Use \`${name}\`: it takes longer and lets writes go on.${unsure} ${failure}`;
  }
  return `Use \`${name}\`, which lets writes go on. It cannot run inside a transaction: ${howOutside(transaction)} ${failure}`;
}

function howOutside(transaction: TransactionFact): string {
  if (transaction.scope === 'none') return 'move it before BEGIN or after COMMIT.';
  if (transaction.switchOff === null) return `${transaction.reason}, and there is no switch for it, so build the index by hand before the deployment and keep \`CREATE INDEX IF NOT EXISTS\` in the migration.`;
  return `${transaction.reason}; give it a migration of its own and ${transaction.switchOff}.`;
}

function suggest(input: MigrationInput, step: StepOf<'create-index'>): Suggestion | null {
  if (input.inTransaction || !step.wholeLines || isPartitioned(input, resolveRelation(input.before, step.table))) return null;
  const text = step.statement.replace(/^(create\s+(?:unique\s+)?index)\b/i, (_, head: string) => `${head} ${head === head.toLowerCase() ? 'concurrently' : 'CONCURRENTLY'}`);
  if (text === step.statement) return null;
  return { startLine: step.statementSpan.startLine, endLine: step.statementSpan.endLine, text: `${' '.repeat(step.statementSpan.startColumn - 1)}${text};` };
}
