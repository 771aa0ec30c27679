import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { constraintName, validateLater, validateText } from '../../migrations/describe/recipes.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { runsEachByItself, untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/check-not-deferred',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Adding a CHECK reads the whole table under a lock',
    why: '`ADD CONSTRAINT … CHECK` takes an ACCESS EXCLUSIVE lock and then compares every row with the condition. Until it is done nobody can read or write the table: requests queue and connection pools run full.',
    remedy: 'Add it `NOT VALID`: new rows are checked from then on and the lock is gone at once. Run `VALIDATE CONSTRAINT` in a later transaction: it reads the same rows under a lock that lets reads and writes go on.',
    limits: 'Silent on `NOT VALID`, on tables created in the same pull request and on those that `tables` in the configuration calls small. Whether rows exist that break the condition is not known here: then the statement fails.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, NOT VALID and VALIDATE CONSTRAINT', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-constraint' || step.constraint.kind !== 'check' || !isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      const name = constraintName(step.table, step.constraint);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${name}`,
        message: `CHECK \`${name}\` is compared with every row of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, ${untilWords(input, 'all are read')}.`,
        remedy: `Append \`NOT VALID\`: new rows are checked from then on. ${validateLater(input, step.table, name)}`,
        suggestion: suggest(input, step, name),
      });
    },
  },
});

/** Without a name of its own its validation could not be written down for sure. */
function suggest(input: MigrationInput, step: StepOf<'add-constraint'>, name: string): Suggestion | null {
  if (/\bno\s+inherit\s*$/i.test(step.statement)) return null;
  const added = `${step.statement} NOT VALID`;
  return replaceStatement(step, !runsEachByItself(input) || step.constraint.name === null ? [added] : [added, validateText(step.table, name)]);
}
