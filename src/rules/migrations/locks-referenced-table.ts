import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import type { QualifiedName } from '../../migrations/definition.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { BUSY_WORDS, busyTablesLocked, QUEUE_WORDS } from '../../migrations/describe/busy.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { workUnderLock } from '../../migrations/describe/work.js';
import { listWords } from '../../migrations/describe/words.js';
import type { Step } from '../../migrations/step.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/locks-referenced-table',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A statement locks a busy table that it does not name',
    why: 'A foreign key is carried out by triggers on both of its tables, so whoever removes it locks both: dropping a table, a column or a constraint takes an ACCESS EXCLUSIVE lock on the *referenced* table too, and `CREATE TABLE … REFERENCES` a SHARE ROW EXCLUSIVE one. The statement waits for every transaction that uses that table, and everybody else waits behind it.',
    remedy: 'Set a short `lock_timeout` before the statement and try again when it gives up. When a table with several foreign keys goes, drop the foreign keys first, one statement each; when one is created, add the foreign keys afterwards, one by one.',
    limits: `The locks are brief, so it speaks of busy tables only: ${BUSY_WORDS}. Silent where \`lock_timeout\` is set in the migration. Foreign keys are those that the history shows.`,
    references: [
      { title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' },
      { title: 'PostgreSQL: lock_timeout', url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect, tables, before } = input;
      const named = whatIsNamed(step);
      if (named === null || workUnderLock(input).length > 0) return;
      const own = named.names.map((name) => resolveRelation(before, name));
      const [other] = busyTablesLocked(input).filter((key) => !own.includes(key));
      const mode = other === undefined ? undefined : effect.locks[other];
      if (other === undefined || mode === undefined) return;
      const subject = listWords(own.map(displayName));
      yield sightingAt(input, {
        symbol: `${own.map(displayName).join('_')}.${displayName(other)}`,
        message: `${named.words} ${subject} also takes ${lockSentence(mode)} of ${tableWords(tables, other)}, because of a foreign key: ${QUEUE_WORDS}.`,
        remedy: named.remedy,
      });
    },
  },
});

interface Named {
  readonly words: string;
  readonly names: readonly QualifiedName[];
  readonly remedy: string;
}

const TIMEOUT = 'Put `SET lock_timeout = \'3s\';` before it and try again when it gives up';

function whatIsNamed(step: Step): Named | null {
  switch (step.kind) {
    case 'drop-table':
      return { words: 'Dropping', names: step.tables, remedy: `${TIMEOUT}; with several foreign keys, drop them one by one first.` };
    case 'drop-constraint':
      return { words: `Dropping constraint \`${step.constraint}\` of`, names: [step.table], remedy: `${TIMEOUT}.` };
    case 'drop-column':
      return { words: `Dropping column \`${step.column}\` of`, names: [step.table], remedy: `${TIMEOUT}.` };
    case 'truncate':
      return { words: 'Truncating', names: step.tables, remedy: `${TIMEOUT}. CASCADE empties the tables that refer to it, too.` };
    case 'create-table':
      return step.partitionOf === null ? { words: 'Creating', names: [step.table], remedy: `${TIMEOUT}; with several foreign keys, create the table without them and add them one by one.` } : null;
    default:
      return null;
  }
}
