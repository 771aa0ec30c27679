import type { Sighting } from '../../core/finding.js';
import { effectEvidence, isSmallTable, tableWords } from '../../migrations/describe.js';
import { anchoredOn, placesInWords } from '../../migrations/describe/places.js';
import { blocksReads, blocksWrites, lockWords, stronger } from '../../migrations/effects/lock-mode.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { BUSY_WORDS, isBusyTable } from '../../migrations/describe/busy.js';
import type { LockMode } from '../../migrations/step.js';
import { byTransaction } from '../../migrations/transactions.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/many-locks-one-transaction',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'One transaction collects locks on many tables',
    why: 'A lock is kept until the transaction ends. A transaction that locks one table after the other waits for each of them while it holds all before it, so that the longest query on the last table stops everybody on the first. A request that locks two of them the other way round deadlocks with it.',
    remedy: 'Lock one table a transaction: split the migration, set a short lock_timeout, and let the deployment try again. Foreign keys as `NOT VALID` first, one table each.',
    limits:
      'Speaks where a transaction takes locks that block writes on two or more busy tables, or ACCESS EXCLUSIVE locks on twenty or more that the configuration does not call small; ' +
      `${BUSY_WORDS}. ` +
      'Tables created in the same pull request do not count. ' +
      'Counted over nine public histories (2,433 migrations): two tables are locked so in 381 of them, ten in 35, twenty in 8; below that it is told of busy tables only, because most tables of most migrations are small.',
    references: [{ title: 'PostgreSQL: deadlocks', url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      for (const group of byTransaction(input.steps)) {
        if (group[0]?.inTransaction !== true) continue;
        const taken = locksOf(input, group);
        const busy = taken.filter((lock) => isBusyTable(input.tables, lock.key));
        const exclusive = taken.filter((lock) => blocksReads(lock.mode));
        const told = busy.length >= 2 ? busy : exclusive.length >= MANY ? exclusive : [];
        const last = told.at(-1);
        if (last === undefined) continue;
        yield {
          path: input.migration.path,
          ...anchoredOn(told.map((lock) => ({ words: '', span: lock.judged.step.span }))),
          symbol: told.map(({ key }) => key).join(' '),
          message: `This transaction locks ${placesInWords(told.map((lock) => ({ words: tableWords(input.tables, lock.key), span: lock.judged.step.span })))} and keeps every lock until it ends: while it waits for the ${lockWords(last.mode)} lock on ${tableWords(input.tables, last.key)}, whoever uses one of the others waits too, and a request that locks two of them the other way round deadlocks with it.`,
          remedy: 'Give each table a migration of its own, with a short `SET LOCAL lock_timeout`, so that no lock is held while another one is waited for.',
          evidence: [effectEvidence(last.judged.effect, last.judged.held, input.target)],
        };
        return;
      }
    },
  },
});

const MANY = 20;

interface Taken {
  readonly key: string;
  readonly mode: LockMode;
  /** The step that takes the strongest one. */
  readonly judged: JudgedStep;
}

/** The strongest lock on each table in use that blocks writes, in the order they are taken. */
function locksOf(input: WholeMigrationInput, group: readonly JudgedStep[]): readonly Taken[] {
  const taken = new Map<string, Taken>();
  for (const judged of group) {
    for (const [key, mode] of Object.entries(judged.effect.locks)) {
      if (!blocksWrites(mode) || !judged.before.tables.has(key) || isSmallTable(input.tables, key)) continue;
      const known = taken.get(key);
      if (known === undefined || stronger(mode, known.mode) !== known.mode) taken.set(key, { key, mode, judged });
    }
  }
  return [...taken.values()];
}
