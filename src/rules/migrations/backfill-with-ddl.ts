import type { Sighting } from '../../core/finding.js';
import { inBatches } from '../../migrations/describe/batches.js';
import { effectEvidence, lockSentence, tableWords } from '../../migrations/describe.js';
import { anchoredOn, excerpt } from '../../migrations/describe/places.js';
import { lockWords } from '../../migrations/effects/lock-mode.js';
import { bulkWrites, type BulkWrite } from '../../migrations/patterns/writes.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/backfill-with-ddl',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Rows are filled and the schema changed in one transaction',
    why: 'Rows that an UPDATE touched stay locked until its transaction ends, and a schema change keeps its lock until then. In one transaction each prolongs the other: writers wait for rows while the ALTER waits for its lock, behind which everybody else queues, and the two can deadlock with the application, which takes the same locks the other way round.',
    remedy: 'Three migrations: the schema change that new rows need (a nullable column, a default); the rows, in batches outside a transaction or by a job; and, once they are done, what relies on them (NOT NULL, a unique index, a foreign key).',
    limits:
      'Silent on tables that the same pull request creates, on tables that `tables` in the configuration calls small, on predicates that compare a column with constants, and where the transaction holds a lock on the very table that is worked on: that is `migrations/work-while-locked`. DELETE, INSERT … SELECT and CREATE TABLE … AS are told while an ACCESS EXCLUSIVE lock on another table is held. ' +
      'And silent where a statement behind it works through the same table under a lock (SET NOT NULL, a foreign key): its own finding asks to take the two apart; busy tables are told of both. ' +
      'Counted over nine public histories (2,433 migrations): 30 of them have one; another 25 only ahead of such a statement.',
    references: [{ title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const writes = bulkWrites(input, input.tables).filter((write) => write.problem === 'with-ddl');
      const [first] = writes;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(writes.map(({ step }) => ({ words: '', span: step.span }))),
        symbol: writes.map(({ key }) => key).join(' '),
        message: `${message(input, first)}${writes.length === 1 ? '' : ` The same goes for ${String(writes.length - 1)} more below.`}`,
        remedy: `Give the rows a migration of their own, before ${first.ddl?.isBefore === true ? 'or after ' : ''}the schema change, and write them in batches: \`${inBatches(first)}\`, again until it touches no row.`,
        evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
      };
    },
  },
});

const VERBS: Readonly<Record<BulkWrite['step']['kind'], string>> = { update: 'UPDATE', delete: 'DELETE', insert: 'INSERT … SELECT', 'create-table-as': 'CREATE TABLE … AS' };

function message(input: WholeMigrationInput, { ddl, key, step }: BulkWrite): string {
  if (ddl === null) return '';
  const line = String(ddl.judged.step.span.startLine);
  const head = excerpt(ddl.judged.step.statement);
  const table = tableWords(input.tables, key);
  if (ddl.isBefore) {
    const work = step.kind === 'update' || step.kind === 'delete' ? `goes through the rows of ${table}` : `copies the rows of ${table}`;
    return `While this ${VERBS[step.kind]} ${work}, the transaction still holds what \`${head}\` took on line ${line}: ${lockSentence(ddl.mode)} to ${tableWords(input.tables, ddl.key)}.`;
  }
  return `The rows of ${table} that this ${VERBS[step.kind]} touches stay locked until the transaction ends, and before it can end line ${line} (\`${head}\`) has to wait for its ${lockWords(ddl.mode)} lock on the same table and do its own work.`;
}
