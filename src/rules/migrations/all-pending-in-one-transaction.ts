import type { Sighting } from '../../core/finding.js';
import { effectEvidence, tableWords } from '../../migrations/describe.js';
import { anchoredOn, excerpt, listInWords } from '../../migrations/describe/places.js';
import { blocksWrites, lockWords } from '../../migrations/effects/lock-mode.js';
import type { HeldLock, JudgedStep } from '../../migrations/judge-migrations.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/all-pending-in-one-transaction',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Locks of one migration are held while the next one runs',
    why: 'Some tools run all pending migrations in one transaction. Splitting a change into several files does not split its locks then: what the first file locked stays locked until the last one is done, and if the last one fails all are undone.',
    remedy: 'Ship them with separate deployments, the one that locks first and alone; or have the tool run each by itself (node-pg-migrate: `--no-single-transaction`).',
    limits: 'Speaks where a pull request brings several migrations of such a tool, an earlier one locks a table that was there before so that writes wait, and a later one works through another table or has to wait for a lock on it. Work on the very table that is held is `migrations/work-while-locked`. Deployments that skip a release run more of them together than one pull request shows.',
    references: [
      { title: 'node-pg-migrate: single transaction', url: 'https://salsita.github.io/node-pg-migrate/cli' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      if (input.migration.transaction.scope !== 'all-pending') return;
      for (const judged of input.steps) {
        const held = heldFromBefore(input, judged);
        const [first] = held;
        if (first === undefined || !delays(judged, held)) continue;
        yield {
          path: input.migration.path,
          ...anchoredOn([{ words: '', span: judged.step.span }]),
          symbol: excerpt(judged.step.statement),
          message: message(input, judged, held),
          remedy: `Ship this migration with a later deployment than \`${first.lock.path}\`, so that they are two transactions${input.migration.transaction.switchOff === null ? '' : `; or ${input.migration.transaction.switchOff}`}.`,
          evidence: [{ kind: 'fact', text: input.migration.transaction.reason, source: input.migration.path }, effectEvidence(judged.effect, judged.held, input.target)],
        };
        return;
      }
    },
  },
});

interface Held {
  readonly key: string;
  readonly lock: HeldLock;
}

/** Locks that writers wait for and that an earlier file of the same transaction took. */
function heldFromBefore(input: WholeMigrationInput, judged: JudgedStep): readonly Held[] {
  if (!judged.inTransaction) return [];
  return [...judged.heldLocks].flatMap(([key, lock]) => (lock.path !== input.migration.path && blocksWrites(lock.mode) && judged.before.tables.has(key) ? [{ key, lock }] : []));
}

/** Whether a step may take long: it works through a table, or waits for a lock on one that the transaction does not hold yet. */
function delays({ effect }: JudgedStep, held: readonly Held[]): boolean {
  if (effect.class === 'error') return false;
  const worked = [...effect.rewrite, ...effect.scan];
  // Work on a table that is held itself is `migrations/work-while-locked`.
  if (worked.length > 0) return !worked.every((key) => held.some((each) => each.key === key));
  return Object.entries(effect.locks).some(([key, mode]) => blocksWrites(mode) && !held.some((each) => each.key === key));
}

function message(input: WholeMigrationInput, { step, effect }: JudgedStep, held: readonly Held[]): string {
  const [first] = held;
  const tables = listInWords(held.map(({ key }) => tableWords(input.tables, key)));
  const works = effect.rewrite.length + effect.scan.length > 0;
  const does = works ? `works through ${listInWords([...new Set([...effect.rewrite, ...effect.scan])].map((key) => tableWords(input.tables, key)))}` : 'waits for its lock';
  return `${input.migration.transaction.reason}: while \`${excerpt(step.statement)}\` ${does}, the ${lockWords(first?.lock.mode ?? 'AccessExclusiveLock')} lock that \`${first?.lock.path ?? ''}\` took on ${tables} is still held, and whoever writes there waits.`;
}
