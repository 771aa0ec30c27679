import type { Sighting } from '../../core/finding.js';
import { effectEvidence, tableWords } from '../../migrations/describe.js';
import { anchoredOn } from '../../migrations/describe/places.js';
import { lockWords } from '../../migrations/effects/lock-mode.js';
import { isBounded, timeoutsOf, type StrongLock, type TimeoutChange } from '../../migrations/patterns/lock-timeouts.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/lock-timeout-ineffective',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The lock_timeout does not cover the statement that locks',
    why: 'The author meant to bound the wait, and nothing does: SET LOCAL outside a transaction changes nothing, one inside a transaction ends with it, one behind the statement comes too late, 0 switches the timeout off, and minutes are an outage of minutes. The migration waits behind the longest query, and everybody else behind the migration.',
    remedy: 'Put the setting before the first statement that locks: `SET LOCAL lock_timeout = \'2s\';` inside the same transaction, `SET lock_timeout = \'2s\';` where statements run by themselves.',
    limits: 'Silent where no statement of the migration takes a lock that blocks writes on a table that was there before; so lifting the timeout for CREATE INDEX CONCURRENTLY or VALIDATE CONSTRAINT is fine. Values above a minute count as too long.',
    references: [
      { title: 'PostgreSQL: lock_timeout', url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT' },
      { title: 'PostgreSQL: SET', url: 'https://www.postgresql.org/docs/current/sql-set.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const found = ineffective(input);
      if (found === null) return;
      const { change, lock, words, remedy } = found;
      yield {
        path: input.migration.path,
        ...anchoredOn([{ words: '', span: change.judged.step.span }, { words: '', span: lock.judged.step.span }]),
        symbol: lock.key,
        message: `${words}: line ${String(lock.judged.step.span.startLine)} waits ${remedy.waits} for its ${lockWords(lock.mode)} lock on ${tableWords(input.tables, lock.key)}, and others wait behind it.`,
        remedy: remedy.words,
        evidence: [effectEvidence(lock.judged.effect, lock.judged.held, input.target)],
      };
    },
  },
});

interface Ineffective {
  readonly change: TimeoutChange;
  readonly lock: StrongLock;
  /** What is wrong with the setting, as the head of a sentence. */
  readonly words: string;
  readonly remedy: { readonly waits: string; readonly words: string };
}

const TOO_LONG = 60_000;
const FOR_EVER = 'as long as it takes';

/** The first change that misses its purpose; null when all reach their statements, or nothing locks. */
function ineffective(input: WholeMigrationInput): Ineffective | null {
  const { changes, locks } = timeoutsOf(input.steps, input.tables);
  for (const change of changes) {
    const at = (lock: StrongLock): boolean => input.steps.indexOf(lock.judged) > input.steps.indexOf(change.judged);
    const found = outside(change, locks.filter(at)) ?? lost(change, locks) ?? switchedOff(change, locks) ?? tooLong(change, locks) ?? tooLate(change, changes, locks);
    if (found !== null) return found;
  }
  return null;
}

function lineOf({ judged }: { readonly judged: { readonly step: { readonly span: { readonly startLine: number } } } }): string {
  return String(judged.step.span.startLine);
}

function outside(change: TimeoutChange, later: readonly StrongLock[]): Ineffective | null {
  const lock = later.find((each) => !isBounded(each.under));
  if (!change.local || change.judged.inTransaction || lock === undefined) return null;
  return { change, lock, words: `SET LOCAL on line ${lineOf(change)} changes nothing, because this migration runs outside a transaction`, remedy: { waits: FOR_EVER, words: 'Leave LOCAL away: `SET lock_timeout = \'2s\';`.' } };
}

function lost(change: TimeoutChange, locks: readonly StrongLock[]): Ineffective | null {
  const lock = locks.find((each) => each.lost === change && !isBounded(each.under));
  if (lock === undefined) return null;
  return { change, lock, words: `The lock_timeout of line ${lineOf(change)} ends with its transaction`, remedy: { waits: FOR_EVER, words: `Set it again in the transaction of line ${lineOf(lock)}, or for the session: \`SET lock_timeout = '2s';\`.` } };
}

function switchedOff(change: TimeoutChange, locks: readonly StrongLock[]): Ineffective | null {
  const lock = locks.find((each) => each.under === change);
  if (change.milliseconds !== 0 || lock === undefined) return null;
  return { change, lock, words: `Line ${lineOf(change)} switches lock_timeout off`, remedy: { waits: FOR_EVER, words: `Set it before line ${lineOf(lock)}: \`SET ${lock.judged.inTransaction ? 'LOCAL ' : ''}lock_timeout = '2s';\`.` } };
}

function tooLong(change: TimeoutChange, locks: readonly StrongLock[]): Ineffective | null {
  const lock = locks.find((each) => each.under === change);
  if (lock === undefined || change.milliseconds == null || change.milliseconds <= TOO_LONG) return null;
  const minutes = Math.round(change.milliseconds / 6000) / 10;
  return { change, lock, words: `The lock_timeout of line ${lineOf(change)} is ${String(minutes)} minutes`, remedy: { waits: 'up to that long', words: 'Some seconds are enough: `SET lock_timeout = \'2s\';`, and let the deployment try again.' } };
}

function tooLate(change: TimeoutChange, changes: readonly TimeoutChange[], locks: readonly StrongLock[]): Ineffective | null {
  const [lock] = locks;
  if (change !== changes[0] || !isBounded(change) || lock === undefined || lock.under !== null || lock.lost !== null) return null;
  if (lock.judged.step.statementIndex >= change.judged.step.statementIndex) return null;
  return { change, lock, words: `Line ${lineOf(change)} sets lock_timeout too late`, remedy: { waits: FOR_EVER, words: `Move it before line ${lineOf(lock)}.` } };
}
