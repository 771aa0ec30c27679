import type { Sighting } from '../../core/finding.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { BUSY_WORDS, busyTablesLocked, QUEUE_WORDS, WAIT_BRIEFLY } from '../../migrations/describe/busy.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { sharesTransaction } from '../../migrations/describe/transaction.js';
import { workUnderLock } from '../../migrations/describe/work.js';
import type { Step } from '../../migrations/step.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/access-exclusive-ddl',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A small change to a busy table queues everybody behind it',
    why: 'Triggers, policies, row level security, rules, owners and storage settings change in a moment, but the lock for it, ACCESS EXCLUSIVE mostly, has to be got first: the statement waits for the longest transaction that uses the table, and every statement that comes later waits behind it. `LOCK TABLE` keeps it until the transaction ends.',
    remedy: 'Set a short `lock_timeout` before the statement, try again when it gives up, and let the transaction do nothing else on that table.',
    limits: `The locks are brief, so it speaks of busy tables only: ${BUSY_WORDS}. Silent where \`lock_timeout\` is set in the migration.`,
    references: [
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
      { title: 'PostgreSQL: lock_timeout', url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect, tables } = input;
      const what = small(step);
      if (what === null || workUnderLock(input).length > 0) return;
      const [busy] = busyTablesLocked(input);
      const mode = busy === undefined ? undefined : effect.locks[busy];
      if (busy === undefined || mode === undefined) return;
      const kept = step.kind === 'lock-table' && sharesTransaction(input) ? ', until the transaction ends' : '';
      yield sightingAt(input, {
        symbol: `${displayName(busy)}.${step.kind}`,
        message: `${what} takes ${lockSentence(mode)} of ${tableWords(tables, busy)}${kept}: ${QUEUE_WORDS}.`,
        remedy: WAIT_BRIEFLY,
      });
    },
  },
});

function small(step: Step): string | null {
  switch (step.kind) {
    case 'create-trigger':
      return `Creating trigger \`${step.trigger}\``;
    case 'drop-trigger':
      return `Dropping trigger \`${step.trigger}\``;
    case 'rename-trigger':
      return `Renaming trigger \`${step.trigger}\``;
    case 'set-trigger':
      return `${step.enabled ? 'Enabling' : 'Disabling'} ${step.trigger === null ? 'the triggers' : `trigger \`${step.trigger}\``}`;
    case 'create-policy':
    case 'alter-policy':
    case 'drop-policy':
      return `${{ 'create-policy': 'Creating', 'alter-policy': 'Changing', 'drop-policy': 'Dropping' }[step.kind]} policy \`${step.policy}\``;
    case 'set-row-security':
      return 'Changing row level security';
    case 'create-rule':
    case 'drop-rule':
    case 'set-rule':
      return `${{ 'create-rule': 'Creating', 'drop-rule': 'Dropping', 'set-rule': 'Switching' }[step.kind]} rule \`${step.rule}\``;
    case 'lock-table':
      return 'LOCK TABLE';
    case 'set-replica-identity':
      return 'Changing the replica identity';
    case 'set-owner':
      return 'Changing the owner';
    case 'set-column-option':
      return `Changing the ${step.option} of \`${step.column}\``;
    case 'set-inheritance':
      return 'Changing the inheritance';
    default:
      return null;
  }
}
