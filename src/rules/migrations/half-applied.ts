import type { Sighting } from '../../core/finding.js';
import { effectEvidence } from '../../migrations/describe.js';
import { anchoredOn, excerpt, linesInWords } from '../../migrations/describe/places.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { isRepeatable, leavesSomething, secondTime } from '../../migrations/patterns/repeatable.js';
import { byTransaction } from '../../migrations/transactions.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/half-applied',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A failure leaves half of the migration behind',
    why: 'Outside a transaction each statement is committed by itself. When one of them fails (a lock timeout, a duplicate, a cancelled deployment), those before it stay, the tool records nothing or a “dirty” version, and running the migration again fails at the first statement that is done already. Somebody has to repair the database by hand, in the middle of a deployment.',
    remedy: 'Give each statement that cannot run inside a transaction a migration of its own and let everything else run in one. Or make each repeatable: IF [NOT] EXISTS, OR REPLACE, ON CONFLICT; before CREATE INDEX CONCURRENTLY a DROP INDEX CONCURRENTLY IF EXISTS, which also removes an invalid one.',
    limits:
      'Speaks of migrations whose transaction is switched off and that hold two or more changes, one of which before the last cannot be repeated. Statements that have to run outside a transaction (CREATE INDEX CONCURRENTLY, ALTER TYPE … ADD VALUE) are fine, alone or several of them. Silent on plain SQL files where nothing says how they are run.',
    references: [{ title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const half = halfApplied(input);
      if (half === null) return;
      const { stuck, last } = half;
      const stop = firstStop(input, stuck);
      const error = secondTime(stop);
      const place = stop === stuck.step ? 'there' : `at line ${String(stop.span.startLine)}`;
      yield {
        path: input.migration.path,
        ...anchoredOn([stuck, last].map(({ step }) => ({ words: '', span: step.span }))),
        symbol: excerpt(stuck.step.statement),
        message: `This migration runs outside a transaction: when a later statement fails (${linesInWords(half.later.map(({ step }) => step.span.startLine))}), what line ${String(stuck.step.span.startLine)} did (\`${excerpt(stuck.step.statement)}\`) stays, and running it again stops ${place}${error === null ? '' : ` (“${error}”)`}.`,
        remedy: remedy(stuck),
        evidence: [
          { kind: 'fact', text: `Each statement is committed by itself: ${input.migration.transaction.reason}`, source: input.migration.path },
          effectEvidence(stuck.effect, stuck.held, input.target),
        ],
      };
    },
  },
});

interface Half {
  /** The first change that cannot be carried out again. */
  readonly stuck: JudgedStep;
  /** The changes behind it. */
  readonly later: readonly JudgedStep[];
  readonly last: JudgedStep;
}

function halfApplied(input: WholeMigrationInput): Half | null {
  const { transaction, framework } = input.migration;
  if (transaction.scope !== 'none' || framework === 'sql') return null;
  const units = byTransaction(input.steps).filter((unit) => unit.some(({ step }) => leavesSomething(step)));
  const isStuck = (one: JudgedStep): boolean => couldShare(one) && !isRepeatable(one.step, earlierThan(input, one.step));
  const at = units.findIndex((unit) => unit.some(isStuck));
  const later = units.slice(at + 1).flatMap((unit) => unit.find(({ step }) => leavesSomething(step)) ?? []);
  const stuck = units[at]?.find(isStuck);
  const last = later.at(-1);
  return at === -1 || stuck === undefined || last === undefined ? null : { stuck, later, last };
}

/** Whether it could have run in a transaction with others. What cannot has to stand outside, and repeats are loud there. */
function couldShare({ step, effect }: JudgedStep): boolean {
  return effect.inTransaction && step.kind !== 'add-enum-value';
}

/** Where a second run stops: at the first statement that cannot be repeated, whether or not it could have shared a transaction. */
function firstStop(input: WholeMigrationInput, stuck: JudgedStep): JudgedStep['step'] {
  return earlierThan(input, stuck.step).find((step) => leavesSomething(step) && !isRepeatable(step, earlierThan(input, step))) ?? stuck.step;
}

function earlierThan({ migration }: WholeMigrationInput, step: JudgedStep['step']): readonly JudgedStep['step'][] {
  return migration.up.slice(0, Math.max(0, migration.up.indexOf(step)));
}

function remedy({ step }: JudgedStep): string {
  return `Give what cannot run inside a transaction a migration of its own and let line ${String(step.span.startLine)} run in one; or make it repeatable with IF [NOT] EXISTS, OR REPLACE or ON CONFLICT.`;
}
