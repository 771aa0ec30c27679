import type { Sighting, Suggestion } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { replaceStatement, withWord } from '../../migrations/describe/replacement.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { howOutside, sharesTransaction } from '../../migrations/describe/transaction.js';
import { listWords } from '../../migrations/describe/words.js';
import { lockNow, workUnderLock } from '../../migrations/describe/work.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/reindex-not-concurrent',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'REINDEX blocks writes, and reads that need the index',
    why: '`REINDEX` holds a SHARE lock on the table and an ACCESS EXCLUSIVE lock on each index while it builds it anew: writes wait, and so does every query that plans to use the index, which is nearly every query on the table.',
    remedy: 'Use `REINDEX … CONCURRENTLY` (from Postgres 12), outside a transaction. On older servers build a second index with `CREATE INDEX CONCURRENTLY` and drop the old one.',
    limits: 'Silent on tables created in the same pull request and on those that `tables` in the configuration calls small. An index that the history does not know is not judged.',
    references: [{ title: 'PostgreSQL: REINDEX, rebuilding indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      if (step.kind !== 'reindex' || step.concurrently) return;
      const worked = workUnderLock(input);
      const [first] = worked;
      if (first === undefined) return;
      const on = worked.length === 1 ? tableWords(input.tables, first) : `${String(worked.length)} tables (${listWords(worked.slice(0, 3).map(displayName))}${worked.length > 3 ? ' …' : ''})`;
      yield sightingAt(input, {
        symbol: subject(input, step),
        message: `REINDEX ${step.scope.toUpperCase()} \`${subject(input, step)}\` reads all of ${on} while it holds ${lockSentence(lockNow(input, first) ?? 'ShareLock')}, and locks each index against every query that would use it.`,
        remedy: remedy(input, step),
        suggestion: suggest(input, step),
      });
    },
  },
});

function subject({ before }: MigrationInput, step: StepOf<'reindex'>): string {
  if (step.name === null) return step.scope;
  return step.scope === 'index' || step.scope === 'table' ? displayName(resolveRelation(before, step.name)) : step.name.name;
}

function remedy(input: MigrationInput, step: StepOf<'reindex'>): string {
  if (input.target.version < 12) return `Postgres ${String(input.target.version)} has no REINDEX CONCURRENTLY: build a second index with \`CREATE INDEX CONCURRENTLY\`, then drop the old one with \`DROP INDEX CONCURRENTLY\`.`;
  const statement = `\`REINDEX ${step.scope.toUpperCase()} CONCURRENTLY\``;
  return sharesTransaction(input) ? `Use ${statement}. It cannot run inside a transaction: ${howOutside(input, 'run it by hand')}` : `Use ${statement}: it takes longer and lets reads and writes go on.`;
}

function suggest(input: MigrationInput, step: StepOf<'reindex'>): Suggestion | null {
  if (sharesTransaction(input) || input.target.version < 12 || step.scope === 'system') return null;
  const text = withWord(step.statement, /^reindex\s+(?:\([^)]*\)\s*)?(?:index|table|schema|database)\b/i, 'CONCURRENTLY');
  return text === null ? null : replaceStatement(step, [text]);
}
