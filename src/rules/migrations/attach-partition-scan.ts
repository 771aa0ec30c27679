import type { Sighting } from '../../core/finding.js';
import { indexesOf, resolveRelation } from '../../migrations/catalog.js';
import type { PartitionBound, QualifiedName } from '../../migrations/definition.js';
import { displayName, isSmallTable, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { boundCondition } from '../../migrations/describe/bound.js';
import { validateLater } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { lockNow, workUnderLock } from '../../migrations/describe/work.js';
import { isProven } from '../../migrations/effects/partitions.js';
import { quoteName } from '../../migrations/quote.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/attach-partition-scan',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A new partition has its rows checked under a lock',
    why: '`ATTACH PARTITION` reads the whole partition to see that every row belongs there, and builds the indexes that it lacks, under an ACCESS EXCLUSIVE lock. Where the parent has a DEFAULT partition, that one is locked and read as well, by `CREATE TABLE … PARTITION OF` too, to see that none of its rows belongs to the new one.',
    remedy: 'Give the partition a CHECK that says the same as its bound (with IS NOT NULL), `NOT VALID`, and validate it in a transaction of its own: `ATTACH PARTITION` then finds the proof and reads nothing. For a DEFAULT partition the check says the opposite. Build missing indexes beforehand, CONCURRENTLY.',
    limits: 'Silent where a validated CHECK proves the bound, on partitions created in the same pull request (they are empty or not in use) and on those that `tables` in the configuration calls small. Understands range and list bounds on one column.',
    references: [{ title: 'PostgreSQL: ALTER TABLE, ATTACH PARTITION', url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const attached = attachment(input);
      if (attached === null) return;
      const worked = workUnderLock(input).filter((key) => key !== attached.parent);
      const [first] = worked;
      if (first === undefined || isSmallTable(input.tables, attached.parent)) return;
      const own = worked.includes(attached.partition);
      const read = own ? attached.partition : first;
      const mode = lockNow(input, read) ?? 'AccessExclusiveLock';
      const fallback = own ? worked.find((key) => key !== read && key !== attached.partition) : undefined;
      const also = fallback === undefined ? '' : `, and all of the default partition ${tableWords(input.tables, fallback)}`;
      yield sightingAt(input, {
        symbol: displayName(attached.partition),
        message: `Attaching \`${displayName(attached.partition)}\` to \`${displayName(attached.parent)}\` reads every row of ${own ? '' : 'the default partition '}${tableWords(input.tables, read)} while it holds ${lockSentence(mode)}${also}.`,
        remedy: remedy(input, attached, own),
      });
    },
  },
});

interface Attachment {
  readonly parent: string;
  readonly partition: string;
  readonly name: QualifiedName;
  readonly bound: PartitionBound;
}

function attachment({ step, before }: MigrationInput): Attachment | null {
  if (step.kind === 'attach-partition') return { parent: resolveRelation(before, step.table), partition: resolveRelation(before, step.partition), name: step.partition, bound: step.bound };
  if (step.kind !== 'create-table' || step.partitionOf === null) return null;
  return { parent: resolveRelation(before, step.partitionOf.parent), partition: resolveRelation(before, step.table), name: step.table, bound: step.partitionOf.bound };
}

function remedy(input: MigrationInput, { parent, partition, name, bound }: Attachment, isOwn: boolean): string {
  const condition = boundCondition(input.before.tables.get(parent), bound);
  if (!isOwn) return `Let the default partition prove that it holds none of these rows: \`CHECK (NOT (${condition ?? '… the new partition’s bound …'})) NOT VALID\`, and \`VALIDATE CONSTRAINT\` in an earlier transaction; then nothing is read.`;
  const helper = `${name.name}_bound`.slice(0, 63);
  const tables = input.before.tables;
  const proof = isProven(tables.get(parent), tables.get(partition), bound)
    ? ''
    : `Prove the bound first: \`ALTER TABLE ${sqlName(name)} ADD CONSTRAINT ${quoteName(helper)} CHECK (${condition ?? '… the bound, with IS NOT NULL …'}) NOT VALID;\`. ${validateLater(input, name, helper)} ATTACH PARTITION behind that reads nothing. `;
  const own = indexesOf(input.before, partition).map((index) => index.columns.join());
  const missing = indexesOf(input.before, parent).find((index) => !own.includes(index.columns.join()));
  if (missing === undefined) return proof.trimEnd();
  const columns = missing.columns.map((column) => (column === null ? '…' : quoteName(column))).join(', ');
  return `${proof}Build the index that it lacks beforehand: \`CREATE ${missing.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ON ${sqlName(name)} (${columns});\`.`;
}
