import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { columnBefore, isOfRecreatedEnum, typeNarrowing } from '../../migrations/describe/changed-type.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { isHeavy, isRewrittenAnyway, lockNow } from '../../migrations/describe/work.js';
import { listWords, typeWords } from '../../migrations/describe/words.js';
import { mentionsColumn } from '../../migrations/fold/constraints.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/type-index-rebuild',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A type change rebuilds indexes or checks rows under a lock',
    why: 'Some type changes leave the rows alone and are called safe for it: `timestamp` to `timestamptz` under UTC, another collation, `varchar` to `text`. But indexes whose order could change (all of the column’s in the first two cases, those with an expression or a predicate in any) are built anew, and CHECKs and foreign keys on the column are checked again: the table is read from end to end under an ACCESS EXCLUSIVE lock.',
    remedy: 'Take the index or the constraint out of the way first, change the type, and put it back in the gentle way: `DROP INDEX CONCURRENTLY` and `CREATE INDEX CONCURRENTLY`, or `NOT VALID` and `VALIDATE CONSTRAINT`. If queries cannot do without the index, add a second column instead.',
    limits: 'Silent where nothing hangs on the column, on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: ALTER TABLE', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect, tables } = input;
      if (step.kind !== 'set-type' || effect.rewrite.length > 0 || !isHeavy(input, step.table) || isRewrittenAnyway(input, step.table)) return;
      if (typeNarrowing(input, step) !== null || isOfRecreatedEnum(input, step)) return;
      const key = resolveRelation(input.before, step.table);
      const from = columnBefore(input, step)?.type;
      const [redone, remedy] = whatIsRedone(input, step, key);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column}`,
        message: `Changing \`${displayName(key)}.${step.column}\`${from === undefined ? '' : ` from ${typeWords(from)}`} to ${typeWords(step.type)}${step.collation === null ? '' : ` COLLATE ${sqlName(step.collation)}`} leaves the rows as they are, but ${redone} and so reads all of ${tableWords(tables, effect.scan[0] ?? key)} while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}.`,
        remedy,
      });
    },
  },
});

function whatIsRedone(input: MigrationInput, step: StepOf<'set-type'>, key: string): readonly [string, string] {
  const rebuilt = input.effect.indexRebuild.flatMap((each) => input.before.indexes.get(each) ?? []);
  const checked = [...(input.before.tables.get(key)?.constraints.values() ?? [])].filter((each) => each.valid && mentionsColumn(each.definition, step.column));
  if (rebuilt.length > 0) {
    const names = listWords(rebuilt.map(({ name }) => name));
    const plain = rebuilt.filter(({ constraint }) => constraint === null).map(({ name }) => name);
    const drop = plain.length === rebuilt.length ? `Drop ${names} first (\`DROP INDEX CONCURRENTLY\`, outside a transaction) and build ${rebuilt.length === 1 ? 'it' : 'them'} again afterwards with \`CREATE INDEX CONCURRENTLY\`, if queries can do without so long; otherwise` : 'To keep the index';
    return [`builds ${rebuilt.length === 1 ? 'index' : 'indexes'} ${names} anew`, `${drop} add a second column of type ${typeWords(step.type)}, index it CONCURRENTLY, fill it in batches and move the code over.`];
  }
  const checks = checked.filter(({ definition }) => definition.kind === 'check').map(({ name }) => name);
  if (checks.length > 0) return [`compares every row with ${listWords(checks)} again`, `In the same migration drop ${listWords(checks)} before and add ${checks.length === 1 ? 'it' : 'them'} afterwards as NOT VALID; validate in a later one.`];
  return ['checks its foreign keys again', 'In the same migration drop the foreign key before and add it afterwards as NOT VALID; validate in a later one.'];
}
