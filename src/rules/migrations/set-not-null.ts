import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, effectEvidence, isSmallTable, lockDuring, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
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
      const { step, effect } = input;
      if (step.kind !== 'set-not-null' || effect.scan.length === 0) return;
      const key = resolveRelation(input.before, step.table);
      if (isSmallTable(input.tables, key)) return;
      const suggestion = suggest(input, step);
      yield {
        path: input.migration.path,
        span: step.span,
        symbol: `${displayName(key)}.${step.column}`,
        message: `SET NOT NULL on \`${displayName(key)}.${step.column}\` reads every row of ${tableWords(input.tables, key)} while it holds ${lockSentence(lockDuring(effect, input.held, key) ?? 'AccessExclusiveLock')}, until the scan is done.`,
        remedy: remedy(input, step),
        evidence: [effectEvidence(effect, input.held, input.target)],
        ...(suggestion === null ? {} : { suggestion }),
      };
    },
  },
});

function helperName(step: StepOf<'set-not-null'>): string {
  return quoteName(`${step.table.name}_${step.column}_not_null`.slice(0, 63));
}

function statements(step: StepOf<'set-not-null'>): readonly [string, string, string, string] {
  const table = sqlName(step.table);
  const column = quoteName(step.column);
  return [
    `ALTER TABLE ${table} ADD CONSTRAINT ${helperName(step)} CHECK (${column} IS NOT NULL) NOT VALID;`,
    `ALTER TABLE ${table} VALIDATE CONSTRAINT ${helperName(step)};`,
    `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;`,
    `ALTER TABLE ${table} DROP CONSTRAINT ${helperName(step)};`,
  ];
}

function remedy({ target, inTransaction }: MigrationInput, step: StepOf<'set-not-null'>): string {
  const [add, validate, set, drop] = statements(step);
  if (target.version < 12) return `Keep the check instead of NOT NULL (Postgres ${String(target.version)} reads the table in any case): \`${add}\`, then in a later transaction \`${validate}\``;
  const apart = inTransaction ? 'in a migration of its own' : 'as a statement of its own';
  return `First \`${add}\`; then, ${apart}, \`${validate}\`, which lets reads and writes go on; then \`${set}\` finds the proof and reads nothing, and \`${drop}\``;
}

/** All four statements in place, where each runs by itself. */
function suggest({ target, inTransaction }: MigrationInput, step: StepOf<'set-not-null'>): Suggestion | null {
  const alone = step.wholeLines && /^ALTER\s+TABLE\s+(?:ONLY\s+)?[^,]+$/is.test(step.statement);
  if (inTransaction || !alone || target.version < 12) return null;
  return { startLine: step.statementSpan.startLine, endLine: step.statementSpan.endLine, text: statements(step).join('\n') };
}
