import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { ForeignKeyConstraint } from '../../migrations/definition.js';
import { displayName, effectEvidence, isSmallTable, lockDuring, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { objectName } from '../../migrations/fold/edit.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/foreign-key-not-deferred',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Adding a foreign key blocks writes to two tables',
    why: '`ADD FOREIGN KEY` takes a SHARE ROW EXCLUSIVE lock on the table and on the one it references, and keeps both while it compares every row of one with the other. Inserts, updates and deletes on both tables wait until it is done.',
    remedy: 'Add the constraint `NOT VALID`: new rows are checked from then on, and both locks are gone at once. Run `VALIDATE CONSTRAINT` in a later transaction: it reads the same rows, but lets reads and writes go on.',
    limits:
      'Silent where the referencing table is created in the same pull request, on `NOT VALID`, and where `tables` in the configuration calls the referencing table small. A foreign key written inline in ADD COLUMN without a default compares no rows.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, NOT VALID and VALIDATE CONSTRAINT', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect } = input;
      if (step.kind !== 'add-constraint' || step.constraint.kind !== 'foreign-key' || step.constraint.notValid) return;
      const key = resolveRelation(input.before, step.table);
      const referenced = resolveRelation(input.before, step.constraint.referenced);
      if (effect.scan.length === 0 || input.before.fresh.has(key) || isSmallTable(input.tables, key)) return;
      const suggestion = suggest(input, step, step.constraint);
      yield {
        path: input.migration.path,
        span: step.span,
        symbol: `${displayName(key)}.${step.constraint.columns.join('_')}`,
        message: message(input, key, referenced, step.constraint),
        remedy: remedy(input, step, step.constraint),
        evidence: [effectEvidence(effect, input.held, input.target)],
        ...(suggestion === null ? {} : { suggestion }),
      };
    },
  },
});

function message(input: MigrationInput, key: string, referenced: string, constraint: ForeignKeyConstraint): string {
  const columns = constraint.columns.map((column) => `\`${column}\``).join(', ');
  const own = lockDuring(input.effect, input.held, key) ?? 'ShareRowExclusiveLock';
  const start = `The foreign key on ${columns} compares every row of ${tableWords(input.tables, key)} with`;
  if (key === referenced) return `${start} the rest of the table while it holds ${lockSentence(own)}.`;
  const other = lockDuring(input.effect, input.held, referenced);
  if (other === null) return `${start} \`${displayName(referenced)}\` while it holds ${lockSentence(own)} to it.`;
  if (other === own) return `${start} ${tableWords(input.tables, referenced)} while it holds ${lockSentence(own)} to both tables.`;
  return `${start} ${tableWords(input.tables, referenced)} while it holds ${lockSentence(own)} to it, and ${lockSentence(other)} to \`${displayName(referenced)}\`.`;
}

function constraintName(step: StepOf<'add-constraint'>, constraint: ForeignKeyConstraint): string {
  return quoteName(constraint.name ?? objectName(step.table.name, constraint.columns.join('_'), 'fkey'));
}

function validate(step: StepOf<'add-constraint'>, constraint: ForeignKeyConstraint): string {
  return `ALTER TABLE ${sqlName(step.table)} VALIDATE CONSTRAINT ${constraintName(step, constraint)};`;
}

function remedy(input: MigrationInput, step: StepOf<'add-constraint'>, constraint: ForeignKeyConstraint): string {
  const when = input.inTransaction ? 'in a later migration, so that it is another transaction' : 'as a statement of its own';
  return `Append \`NOT VALID\`: new rows are checked from then on. Then, ${when}, run \`${validate(step, constraint)}\`: it lets reads and writes go on.`;
}

function suggest(input: MigrationInput, step: StepOf<'add-constraint'>, constraint: ForeignKeyConstraint): Suggestion | null {
  const whole = step.span.startLine === step.statementSpan.startLine && step.span.startColumn === step.statementSpan.startColumn && step.span.endLine === step.statementSpan.endLine && step.span.endColumn === step.statementSpan.endColumn;
  if (!step.wholeLines || !whole || /--|\/\*/.test(step.statement)) return null;
  const text = `${' '.repeat(step.statementSpan.startColumn - 1)}${step.statement} NOT VALID;`;
  return { startLine: step.statementSpan.startLine, endLine: step.statementSpan.endLine, text: input.inTransaction ? text : `${text}\n${validate(step, constraint)}` };
}
