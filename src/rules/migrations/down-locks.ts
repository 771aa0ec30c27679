import type { Sighting } from '../../core/finding.js';
import { effectEvidence, isSmallTable, lockDuring, lockSentence, tableWords } from '../../migrations/describe.js';
import { blocksWrites } from '../../migrations/effects/lock-mode.js';
import { isBusyTable } from '../../migrations/describe/busy.js';
import { anchoredOn, excerpt, linesInWords, listInWords } from '../../migrations/describe/places.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/down-locks',
  since: '0.1.0',
  level: 'note',
  docs: {
    title: 'The way back locks a table for longer than the way there',
    why: 'A rollback happens in the middle of an incident. When the down direction builds an index, checks every row or writes a table anew under a lock, it turns a small outage into a larger one, and the release that was instant to deploy is not instant to undo.',
    remedy: 'Write the down as carefully as the up: CREATE INDEX CONCURRENTLY outside a transaction, constraints `NOT VALID`, no SET NOT NULL. Or leave the schema as it is when the code is rolled back: a nullable column or a missing index does not disturb the code before.',
    limits:
      'Speaks about the down direction. Where the up does the same kind of work on the same table only busy tables are told, because the up has its findings already; elsewhere every table that the configuration does not call small. ' +
      'Counted over nine public histories: 742 of their 2,433 migrations have a down, 128 of those do such work, 57 where the up does not; that is why it is a note.',
    references: [{ title: 'PostgreSQL: explicit locking', url: 'https://www.postgresql.org/docs/current/explicit-locking.html' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const ofUp = new Set(input.steps.flatMap(worked));
      const heavy = input.down.filter((judged) => tellableWork(input, judged, ofUp).length > 0);
      const [first] = heavy;
      if (first === undefined) return;
      const { downPath, path } = input.migration;
      const tables = [...new Set(heavy.flatMap((judged) => tellableWork(input, judged, ofUp)))];
      const [key = ''] = tellableWork(input, first, ofUp);
      const lock = lockDuring(first.effect, first.held, key) ?? 'AccessExclusiveLock';
      yield {
        path: downPath ?? path,
        ...anchoredOn(heavy.map(({ step }) => ({ words: '', span: step.span }))),
        symbol: `down ${tables.join(' ')}`,
        message: `The down direction works through ${listInWords(tables.map((each) => tableWords(input.tables, each)))} (${linesInWords(heavy.map(({ step }) => step.span.startLine))}: \`${excerpt(first.step.statement)}\`) while it holds ${lockSentence(lock)}: a rollback in the middle of an incident makes it longer.`,
        remedy: 'In the down too: CREATE INDEX CONCURRENTLY outside a transaction, constraints NOT VALID, no SET NOT NULL; or roll back the code only and leave the schema as it is.',
        evidence: [effectEvidence(first.effect, first.held, input.target)],
      };
    },
  },
});

function worked({ effect }: JudgedStep): readonly string[] {
  return effect.class === 'heavy' ? [...new Set([...effect.rewrite, ...effect.scan])] : [];
}

/** Tables that a step of the down works through under a lock, and that are worth telling. */
function tellableWork(input: WholeMigrationInput, judged: JudgedStep, ofUp: ReadonlySet<string>): readonly string[] {
  const blocked = (key: string): boolean => {
    const mode = lockDuring(judged.effect, judged.held, key);
    return mode !== null && blocksWrites(mode);
  };
  const keys = worked(judged).filter((key) => blocked(key) && !isSmallTable(input.tables, key));
  return keys.filter((key) => isBusyTable(input.tables, key) || !ofUp.has(key));
}
