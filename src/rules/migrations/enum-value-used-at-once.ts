import type { Sighting } from '../../core/finding.js';
import { displayName, effectEvidence } from '../../migrations/describe.js';
import { anchoredOn, excerpt } from '../../migrations/describe/places.js';
import { earlyUses, type EarlyUse } from '../../migrations/patterns/new-enum-value.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/enum-value-used-at-once',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A new enum value is used in the transaction that adds it',
    why: 'Postgres lets `ALTER TYPE … ADD VALUE` run inside a transaction (from 12 on) and then refuses every use of the value until that transaction has ended: “unsafe use of new value”. Defaults, checks, predicates of indexes and views count as uses, not only rows. The migration fails, on every database, and the deployment with it.',
    remedy: 'Add the value in a migration of its own, so that it is committed before the next one uses it. Tools that run all pending migrations in one transaction need two deployments, or have to be told to run each by itself.',
    limits: 'Silent on an enum that the same transaction creates, where the value was there before, and where each statement runs by itself. Only values written as literals are seen, not those inside the body of a PL/pgSQL function, which is not read before it runs.',
    references: [{ title: 'PostgreSQL: ALTER TYPE, notes', url: 'https://www.postgresql.org/docs/current/sql-altertype.html#id-1.9.3.42.7' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const uses = earlyUses(input.steps);
      const [first] = uses;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(uses.map(({ used }) => ({ words: '', span: used.step.span }))),
        symbol: uses.map(({ key, added }) => `${displayName(key)}.${added.value}`).join(' '),
        message: uses.map(sentence).join(' '),
        remedy: remedy(input, first),
        evidence: [
          { kind: 'fact', text: `Postgres refuses it: unsafe use of new value "${first.added.value}" of enum type ${displayName(first.key)}`, source: 'Postgres 18, observed' },
          effectEvidence(first.used.effect, first.used.held, input.target),
        ],
      };
    },
  },
});

function sentence({ key, added, used }: EarlyUse): string {
  return `\`${excerpt(used.step.statement)}\` on line ${String(used.step.span.startLine)} uses \`${added.value}\`, which line ${String(added.span.startLine)} adds to enum \`${displayName(key)}\` in the same transaction: the server refuses it (“unsafe use of new value "${added.value}" of enum type ${displayName(key)}”) and the migration fails.`;
}

function remedy({ migration }: WholeMigrationInput, { added, used }: EarlyUse): string {
  const { scope, switchOff, reason } = migration.transaction;
  const moved = `Move \`${excerpt(used.step.statement)}\` to a later migration, so that \`${added.value}\` is committed before it is used`;
  if (scope === 'all-pending') return `${moved}; ${reason}, so that it has to come with a later deployment.`;
  if (scope === 'none') return `${moved}, or commit behind line ${String(added.span.endLine)}.`;
  return switchOff === null ? `${moved}.` : `${moved}; or run this one outside a transaction: ${switchOff}.`;
}
