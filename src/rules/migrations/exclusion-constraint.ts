import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { constraintName } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import { quoteName } from '../../migrations/quote.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/exclusion-constraint',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'An exclusion constraint builds its index under a lock',
    why: '`ADD CONSTRAINT … EXCLUDE` builds an index and compares every row with the others while it holds an ACCESS EXCLUSIVE lock: nobody can read or write the table until it is done. Unlike UNIQUE it cannot take over an index that was built CONCURRENTLY, and there is no NOT VALID.',
    remedy: 'Where the table is large: create a new table with the constraint, copy the rows in batches while a trigger keeps both in step, and swap the names. Where it can be out of use for as long as the build takes: do it then, with a short `lock_timeout`.',
    limits: 'Silent on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [
      { title: 'PostgreSQL: exclusion constraints', url: 'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-EXCLUSION' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-constraint' || step.constraint.kind !== 'exclude' || !isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      const key = resolveRelation(input.before, step.table);
      const name = constraintName(step.table, step.constraint);
      const copy = sqlName({ ...step.table, name: `${step.table.name}_new`.slice(0, 63) });
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${name}`,
        message: `Exclusion constraint \`${name}\` builds an index over all of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, ${untilWords(input, 'the index is built')}; Postgres has no way to add one without.`,
        remedy: `\`CREATE TABLE ${copy} (LIKE ${sqlName(step.table)} INCLUDING ALL);\`, add \`${quoteName(name)}\` there while it is empty, copy the rows in batches behind a trigger that keeps both in step, and swap the names; or do it where \`${displayName(key)}\` can be out of use for as long as the build takes, behind \`SET lock_timeout = '3s';\`.`,
      });
    },
  },
});
