import type { Sighting, Suggestion } from '../../core/finding.js';
import { effectEvidence, tableWords } from '../../migrations/describe.js';
import { excerpt } from '../../migrations/describe/places.js';
import { blockedWords, lockWords } from '../../migrations/effects/lock-mode.js';
import { BUSY_WORDS, isBusyTable } from '../../migrations/describe/busy.js';
import type { Step } from '../../migrations/step.js';
import { isBounded, timeoutOfRole, timeoutsOf, type StrongLock } from '../../migrations/patterns/lock-timeouts.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/lock-timeout-missing',
  since: '0.1.0',
  level: 'note',
  docs: {
    title: 'Nothing bounds how long a busy table’s lock is waited for',
    why: 'A statement that needs a strong lock queues behind the longest query on the table, and every statement that comes later queues behind it: one forgotten report turns an instant ALTER into an outage. With a lock_timeout the migration gives up after some seconds, the queue dissolves, and the deployment tries again.',
    remedy: 'Set a timeout before the first such statement, `SET LOCAL lock_timeout = \'2s\';` inside a transaction, `SET lock_timeout = \'2s\';` outside of one, and let the deployment try again. Or set it once for the role that migrates: `ALTER ROLE migrator SET lock_timeout = \'2s\';`.',
    limits:
      `Speaks once a migration, and of busy tables only: ${BUSY_WORDS}. ` +
      'Silent where another rule asks for the timeout of that statement (`migrations/access-exclusive-ddl` and its like), where the migration sets lock_timeout or statement_timeout, and where a migration of the history sets it for a role or the database. One that the connection string or the tool sets is not seen: turn the rule off then.',
    references: [
      { title: 'PostgreSQL: lock_timeout', url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT' },
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const unbounded = firstUnbounded(input);
      if (unbounded === null || timeoutOfRole([input.migration, ...input.others]) !== null) return;
      const { judged, key, mode } = unbounded;
      const suggestion = suggest(input, unbounded);
      yield {
        path: input.migration.path,
        span: judged.step.span,
        symbol: key,
        message: `Nothing bounds how long \`${excerpt(judged.step.statement)}\` waits for its ${lockWords(mode)} lock on ${tableWords(input.tables, key)}: behind one long query it queues, and ${blockedWords(mode)} that comes after it queues too.`,
        remedy: `Put \`${setting(unbounded)}\` before line ${String(judged.step.statementSpan.startLine)}, and let the deployment try again when it gives up.`,
        evidence: [effectEvidence(judged.effect, judged.held, input.target)],
        ...(suggestion === null ? {} : { suggestion }),
      };
    },
  },
});

function firstUnbounded(input: WholeMigrationInput): StrongLock | null {
  const { locks, changes } = timeoutsOf(input.steps, input.tables);
  const statement = timeoutsOf(input.steps, input.tables, 'statement_timeout');
  if (changes.length > 0 || statement.locks.some((lock) => isBounded(lock.under))) return null;
  return locks.find((lock) => isBusyTable(input.tables, lock.key) && !ASKED_ELSEWHERE.has(lock.judged.step.kind)) ?? null;
}

// Steps whose own rules ask for a timeout where the table is busy.
const ASKED_ELSEWHERE: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'create-trigger', 'drop-trigger', 'rename-trigger', 'set-trigger', 'create-policy', 'alter-policy', 'drop-policy', 'set-row-security', 'create-rule', 'drop-rule', 'set-rule', 'lock-table', 'set-replica-identity', 'set-owner',
  'set-column-option', 'set-inheritance', 'drop-index', 'drop-table', 'create-table', 'detach-partition', 'truncate', 'drop-constraint',
]);

function setting({ judged }: StrongLock): string {
  return `SET ${judged.inTransaction ? 'LOCAL ' : ''}lock_timeout = '2s';`;
}

/** The same lines with the setting before them. */
function suggest(input: WholeMigrationInput, lock: StrongLock): Suggestion | null {
  const { step } = lock.judged;
  const text = input.changes.get(input.migration.path)?.after;
  if (text == null || !step.wholeLines || step.block !== undefined) return null;
  const { startLine, endLine, startColumn } = step.statementSpan;
  const lines = text.split('\n').slice(startLine - 1, endLine);
  return { startLine, endLine, text: [`${' '.repeat(startColumn - 1)}${setting(lock)}`, ...lines].join('\n') };
}
