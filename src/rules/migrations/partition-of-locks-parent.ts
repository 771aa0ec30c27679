import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { BUSY_WORDS, busyTablesLocked, QUEUE_WORDS } from '../../migrations/describe/busy.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { workUnderLock } from '../../migrations/describe/work.js';
import { boundText } from '../../migrations/print/definition.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/partition-of-locks-parent',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'CREATE TABLE … PARTITION OF locks the partitioned table',
    why: 'A partition created in place needs an ACCESS EXCLUSIVE lock on its parent: it waits for every transaction that uses the parent, and all reads and writes that come later wait behind it. Attaching a table needs a much weaker lock (from Postgres 12).',
    remedy: 'Create the table by itself, `CREATE TABLE … (LIKE parent INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`, and attach it: `ALTER TABLE parent ATTACH PARTITION …` lets reads and writes of the parent go on.',
    limits: `The lock is brief, so it speaks of busy parents only: ${BUSY_WORDS}. Silent where \`lock_timeout\` is set in the migration. A DEFAULT partition that has to be read is reported by \`migrations/attach-partition-scan\`.`,
    references: [{ title: 'PostgreSQL: partition maintenance', url: 'https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'create-table' || step.partitionOf === null || workUnderLock(input).length > 0) return;
      const parent = resolveRelation(input.before, step.partitionOf.parent);
      if (!busyTablesLocked(input).includes(parent)) return;
      const own = sqlName(step.table);
      const of = sqlName(step.partitionOf.parent);
      const attach = `\`CREATE TABLE ${own} (LIKE ${of} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);\`, then \`ALTER TABLE ${of} ATTACH PARTITION ${own} ${boundText(step.partitionOf.bound)};\``;
      yield sightingAt(input, {
        symbol: displayName(resolveRelation(input.before, step.table)),
        message: `Creating \`${own}\` in place takes ${lockSentence('AccessExclusiveLock')} of ${tableWords(tables, parent)} with all its partitions: ${QUEUE_WORDS}.`,
        remedy: input.target.version < 12 ? `Before Postgres 12 attaching takes the same lock. Put \`SET lock_timeout = '3s';\` before it and try again when it gives up.` : `${attach}: that lets reads and writes of \`${displayName(parent)}\` go on.`,
      });
    },
  },
});
