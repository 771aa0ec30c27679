import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { QualifiedName } from '../../migrations/definition.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { constraintName, notValidText, validateLater } from '../../migrations/describe/recipes.js';
import { replaceStatement } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { laterWords, runsEachByItself } from '../../migrations/describe/transaction.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import { quoteName } from '../../migrations/quote.js';
import type { Step } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/set-not-null',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'SET NOT NULL reads the whole table under a lock',
    why: '`ALTER COLUMN … SET NOT NULL` takes an ACCESS EXCLUSIVE lock and then reads every row to see that none is null. Until it is done nobody can read or write the table: requests queue, connection pools run full, and the outage lasts as long as the scan.',
    remedy:
      'Let the server check the rows under a weak lock first: add `CHECK (column IS NOT NULL) NOT VALID`, run `VALIDATE CONSTRAINT` in a later transaction (reads and writes go on), then `SET NOT NULL`, which from Postgres 12 on finds the proof and reads nothing, and drop the check. From Postgres 18 on `ADD CONSTRAINT … NOT NULL column NOT VALID` and `VALIDATE CONSTRAINT` do the same.',
    limits:
      'Silent on tables created in the same pull request, on columns that are NOT NULL already, where a validated CHECK proves it (from Postgres 12), and on tables that `tables` in the configuration calls small. Whether rows with null exist is not known here: then the statement fails.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, SET NOT NULL', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      const made = madeNotNull(step);
      if (made === null || !isHeavy(input, made.table) || isRewrittenAnyway(input, made.table)) return;
      const key = resolveRelation(input.before, made.table);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${made.column}`,
        message: `${step.kind === 'set-not-null' ? 'SET NOT NULL' : 'The NOT NULL constraint'} on \`${displayName(key)}.${made.column}\` reads every row of ${tableWords(tables, key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}, until the scan is done.`,
        remedy: remedy(input, made),
        suggestion: suggest(input, made),
      });
    },
  },
});

interface Made {
  readonly table: QualifiedName;
  readonly column: string;
}

/** The column that a step makes NOT NULL, by SET NOT NULL or by a named constraint (Postgres 18). */
function madeNotNull(step: Step): Made | null {
  if (step.kind === 'set-not-null') return step;
  return step.kind === 'add-constraint' && step.constraint.kind === 'not-null' ? { table: step.table, column: step.constraint.column } : null;
}

function helperName({ table, column }: Made): string {
  return quoteName(`${table.name}_${column}_not_null`.slice(0, 63));
}

function statements(made: Made): readonly [string, string, string, string] {
  const table = sqlName(made.table);
  const column = quoteName(made.column);
  return [
    `ALTER TABLE ${table} ADD CONSTRAINT ${helperName(made)} CHECK (${column} IS NOT NULL) NOT VALID`,
    `ALTER TABLE ${table} VALIDATE CONSTRAINT ${helperName(made)}`,
    `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
    `ALTER TABLE ${table} DROP CONSTRAINT ${helperName(made)}`,
  ];
}

function remedy(input: MigrationInput, made: Made): string {
  const { step, target } = input;
  if (step.kind === 'add-constraint') {
    const name = constraintName(step.table, step.constraint);
    return `Append \`NOT VALID\` (\`ADD ${notValidText(step.constraint, name)}\`): new rows are checked from then on. ${validateLater(input, step.table, name)}`;
  }
  const [add, validate, set, drop] = statements(made);
  if (target.version < 12) return `Keep the check instead of NOT NULL (Postgres ${String(target.version)} reads the table in any case): \`${add};\`, then in a later transaction \`${validate};\``;
  return `First \`${add};\`; then, ${laterWords(input)}, \`${validate};\`, which lets reads and writes go on; then \`${set};\` finds the proof and reads nothing, and \`${drop};\``;
}

/** All four statements in place, where each runs by itself. */
function suggest(input: MigrationInput, made: Made): Suggestion | null {
  const { step, target } = input;
  if (!runsEachByItself(input) || step.kind !== 'set-not-null' || target.version < 12) return null;
  return replaceStatement(step, statements(made));
}
