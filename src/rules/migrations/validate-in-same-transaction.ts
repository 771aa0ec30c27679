import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, isSmallTable, lockSentence, tableWords } from '../../migrations/describe.js';
import { validateText } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { laterWords } from '../../migrations/describe/transaction.js';
import { takenWhere } from '../../migrations/describe/taken-where.js';
import { workUnderLock } from '../../migrations/describe/work.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/validate-in-same-transaction',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'VALIDATE in the transaction that still holds the lock',
    why: '`NOT VALID` and `VALIDATE CONSTRAINT` are two steps so that the second can read the rows while others work. That only holds in two transactions: in one, the lock that the first step took (SHARE ROW EXCLUSIVE for a foreign key, ACCESS EXCLUSIVE for a check) is kept while all rows are read, and nothing is won.',
    remedy: 'Run `VALIDATE CONSTRAINT` in a later migration, so that it is a transaction of its own. Some tools run all pending migrations in one transaction: there it has to wait for a later deployment.',
    limits: 'Silent where nothing that blocks writes is held, on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: ALTER TABLE, NOT VALID and VALIDATE CONSTRAINT', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'validate-constraint') return;
      const key = resolveRelation(input.before, step.table);
      const worked = workUnderLock(input);
      const locked = worked.find((each) => each === key) ?? worked[0];
      if (locked === undefined || isSmallTable(tables, key)) return;
      const lock = input.heldLocks.get(locked);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.constraint}`,
        message: `VALIDATE CONSTRAINT \`${step.constraint}\` reads every row of ${tableWords(tables, key)} while the same transaction still holds ${lockSentence(lock?.mode ?? 'AccessExclusiveLock')}${locked === key ? '' : ` of ${tableWords(tables, locked)}`}, ${takenWhere(input, lock)}.`,
        remedy: `Move \`${validateText(step.table, step.constraint)};\` out of here: run it ${laterWords(input)}. Then it lets reads and writes go on.`,
      });
    },
  },
});
