import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, isSmallTable, tableWords } from '../../migrations/describe.js';
import { hasTimeout } from '../../migrations/describe/busy.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { earlierSteps, laterSteps } from '../../migrations/describe/step-in-context.js';
import { sharesTransaction, takesOneStatementOnly } from '../../migrations/describe/transaction.js';
import { isInUse } from '../../migrations/describe/work.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/concurrent-index-left-invalid',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A failed concurrent build is mistaken for the index',
    why: 'When `CREATE INDEX CONCURRENTLY` fails half way (a deadlock, a cancelled statement, a duplicate in a unique index), it leaves an INVALID index behind: no query uses it, every write maintains it. With `IF NOT EXISTS` the next attempt finds the name taken, does nothing and reports success. A unique index is then never enforced on the rows that were there.',
    remedy: 'Drop what a failed attempt may have left before building: `DROP INDEX CONCURRENTLY IF EXISTS name;`. Or leave `IF NOT EXISTS` out, so that the second attempt fails and somebody looks.',
    limits: 'Speaks where a failure is likely: of unique indexes, which one duplicate stops, and where the migration sets `lock_timeout` or `statement_timeout`. Silent without `IF NOT EXISTS`, where the same migration drops the name first or makes a constraint of the index (`USING INDEX` refuses an invalid one), on tables created in the same pull request, and on small ones.',
    references: [{ title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      if (step.kind !== 'create-index' || !step.concurrently || !step.ifNotExists || step.index === null || sharesTransaction(input)) return;
      const key = resolveRelation(input.before, step.table);
      if (!step.unique && !canTimeOut(input)) return;
      if (!isInUse(input.before, key) || isSmallTable(input.tables, key) || isDroppedFirst(input, step.index) || isNeededLater(input, step.index)) return;
      const loss = step.unique ? 'nothing keeps duplicates out' : 'no query uses it';
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.index}`,
        message: `If building \`${step.index}\` on ${tableWords(input.tables, key)} fails half way, the INVALID index it leaves behind has the name already: the next attempt skips it because of IF NOT EXISTS, the migration counts as done, and ${loss}.`,
        remedy: remedy(input, step, step.index),
      });
    },
  },
});

/** Whether the session gives up on a statement that waits or works for long. */
function canTimeOut({ before }: MigrationInput): boolean {
  return hasTimeout(before, 'lock_timeout') || hasTimeout(before, 'statement_timeout');
}

function isDroppedFirst(input: MigrationInput, index: string): boolean {
  return earlierSteps(input).some((step) => step.kind === 'drop-index' && step.indexes.some(({ name }) => name === index));
}

/** Whether a later statement takes the index over: it refuses an invalid one, and somebody looks. */
function isNeededLater(input: MigrationInput, index: string): boolean {
  return laterSteps(input).some((step) => step.kind === 'add-constraint' && 'usingIndex' in step.constraint && step.constraint.usingIndex === index);
}

function remedy(input: MigrationInput, step: StepOf<'create-index'>, index: string): string {
  if (takesOneStatementOnly(input)) return `Leave IF NOT EXISTS out: a second attempt then fails with “relation "${index}" already exists”, and you drop the invalid index by hand.`;
  const name = step.table.schema === null ? quoteName(index) : `${quoteName(step.table.schema)}.${quoteName(index)}`;
  return `Put \`DROP INDEX CONCURRENTLY IF EXISTS ${name};\` before it, or leave IF NOT EXISTS out, so that a second attempt fails and somebody looks.`;
}
