import type { Sighting } from '../../core/finding.js';
import { partitionsOf, resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { untilWords } from '../../migrations/describe/transaction.js';
import { isHeavy, isInUse, lockNow } from '../../migrations/describe/work.js';
import { elementText } from '../../migrations/print/definition.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/partitioned-index',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'An index on a partitioned table blocks writes to all partitions',
    why: '`CREATE INDEX` on a partitioned table builds an index on each partition in one statement, with a SHARE lock on all of them until the last is done: nobody can write to any part of the table meanwhile. `CONCURRENTLY`, the usual way out, is refused on a partitioned table.',
    remedy: 'Create the index with `ON ONLY` the parent, which builds nothing. Build one on each partition with `CREATE INDEX CONCURRENTLY`, and attach it with `ALTER INDEX … ATTACH PARTITION …`. When all are attached the parent’s index is valid.',
    limits: 'Silent on `ON ONLY`, where the history shows no partition, on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: CREATE INDEX on partitioned tables', url: 'https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect, tables } = input;
      if (step.kind !== 'create-index') return;
      const key = resolveRelation(input.before, step.table);
      const partitions = partitionsOf(input.before, key);
      if (input.before.tables.get(key)?.partitionBy == null || !isInUse(input.before, key)) return;
      if (!step.concurrently && !isHeavy(input, step.table)) return;
      const name = step.index === null ? 'the index' : `index \`${step.index}\``;
      const [worked] = effect.scan;
      const message = step.concurrently
        ? `Building ${name} fails: \`${displayName(key)}\` is partitioned, and Postgres refuses CONCURRENTLY there (“cannot create index on partitioned table "${step.table.name}" concurrently”).`
        : `Building ${name} reads all ${String(partitions.length)} partitions of ${tableWords(tables, key)} in one statement while it holds ${lockSentence(lockNow(input, worked ?? key) ?? 'ShareLock')} of each, ${untilWords(input, 'the last index is built')}.`;
      yield sightingAt(input, { symbol: `${displayName(key)}.${step.index ?? step.elements.map(elementText).join('_')}`, message, remedy: remedy(input, step, key) });
    },
  },
});

function remedy(input: MigrationInput, step: StepOf<'create-index'>, key: string): string {
  const create = `CREATE ${step.unique ? 'UNIQUE ' : ''}INDEX`;
  const elements = step.elements.map(elementText).join(', ');
  const parent = step.index ?? `${step.table.name}_idx`;
  const first = partitionsOf(input.before, key)[0];
  const partition = first === undefined ? null : sqlName({ schema: step.table.schema === null && first.schema === 'public' ? null : first.schema, name: first.name });
  const child = `${first?.name ?? 'partition'}_${parent}`.slice(0, 63);
  return `\`${create} ${quoteName(parent)} ON ONLY ${sqlName(step.table)} (${elements});\` builds nothing. Then for each partition, outside a transaction, \`${create} CONCURRENTLY ${quoteName(child)} ON ${partition ?? '…'} (${elements});\` and \`ALTER INDEX ${quoteName(parent)} ATTACH PARTITION ${quoteName(child)};\`.`;
}
