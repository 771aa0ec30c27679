/** Every statement that was measured, put before the rules: what is heavy has one rule that blocks it, what is not has none. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { mergeEffects, type LockEffect } from '../../src/migrations/classify.js';
import { judgeMigrations } from '../../src/migrations/judge-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import type { Target } from '../../src/migrations/target.js';
import { rules } from '../../src/rules/registry.generated.js';
import { ADVERSARIAL, type AdversarialCase } from './adversarial-cases.js';

/** Rules that block because of what a statement locks, reads or writes anew; others block for other reasons. */
const ABOUT_LOCKS = new Set(
  [
    ...['index-not-concurrent', 'reindex-not-concurrent', 'volatile-default', 'identity-or-serial-column', 'stored-generated-column', 'constrained-domain-column'],
    ...['inline-check', 'inline-unique', 'set-not-null', 'check-not-deferred', 'foreign-key-not-deferred', 'validate-in-same-transaction', 'unique-not-using-index'],
    ...['primary-key-not-using-index', 'primary-key-on-nullable', 'exclusion-constraint', 'type-rewrite', 'type-index-rebuild', 'type-narrowing', 'maintenance-rewrite'],
    ...['refresh-not-concurrent', 'attach-partition-scan', 'partitioned-index', 'domain-constraint-scan', 'work-while-locked'],
  ].map((name) => `migrations/${name}`),
);

/** Blocked although the lock is brief: the statement fails. */
const FAILS = new Set(['migrations/not-null-without-default', 'migrations/concurrently-in-transaction']);

/**
 * Heavy by the letter: TRUNCATE gives the table a new file, but is over at once, and the rows are another rule's matter; REFRESH
 * CONCURRENTLY reads its view under EXCLUSIVE, which keeps nobody out but another REFRESH.
 */
const BY_THE_LETTER = new Set(['truncate', 'truncate_cascade', 'refresh_mv_concurrently']);

interface Statement {
  readonly id: string;
  readonly setup: string;
  readonly statement: string;
}

function statements(): Statement[] {
  const lines = readFileSync(new URL('./lock-matrix.tsv', import.meta.url), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [id = '', setup = '', statement = ''] = line.split('\t');
    return line === '' || line.startsWith('#') ? [] : [{ id, setup: setup === '-' ? '' : setup, statement }];
  });
}

interface Judged {
  readonly effect: LockEffect;
  /** The rules that spoke of it and block by default. */
  readonly blockedBy: readonly string[];
}

/** The statement as a migration of its own on the measured tables, behind what `before` does in the same migration. */
function judge({ setup, statement }: Statement, version: number, switches: string, before = ''): Judged {
  const session = /^set /i.test(setup);
  const base = readFileSync(new URL('./lock-matrix-setup.sql', import.meta.url), 'utf8');
  const files = new Map([
    ['migrations/1_tables.sql', `-- +goose Up\n${base}`],
    ['migrations/2_more.sql', `-- +goose Up\n${session ? '' : setup};`],
    ['migrations/3_change.sql', `${switches}-- +goose Up\n${session ? `${setup};` : ''}${before}\n${statement};`],
  ]);
  const [tables, more, change] = readMigrations(files);
  if (tables === undefined || more === undefined || change === undefined) throw new Error('three migrations');
  const target: Target = { engine: 'postgres', version, source: 'a test' };
  const last = change.up.at(-1)?.statementIndex;
  const judged = [...judgeMigrations([tables, more], [change], { target, settled: false })].filter(({ step }) => step.statementIndex === last);
  const blockedBy = rules.flatMap((rule) => (rule.level === 'block' ? judged.flatMap((one) => [...(rule.checks.migration?.({ ...one, target, tables: new Map() }) ?? [])].map(() => rule.id)) : []));
  return { effect: mergeEffects(judged.map(({ effect }) => effect)), blockedBy };
}

const VERSIONS = [10, 11, 12, 14, 16, 17, 18];
const OUTSIDE = '-- +goose NO TRANSACTION\n';

function unexpected(each: Statement, version: number, switches: string): string | null {
  const { effect, blockedBy } = judge(each, version, switches);
  const about = blockedBy.filter((id) => ABOUT_LOCKS.has(id));
  const where = `${each.id} on ${String(version)}${switches === '' ? ', in a transaction' : ''} (${effect.class})`;
  if (effect.class === 'error') return !effect.inTransaction && switches === '' && !blockedBy.includes('migrations/concurrently-in-transaction') ? `${where}: nothing says that it is refused` : null;
  if (effect.class === 'heavy' && !BY_THE_LETTER.has(each.id)) return blockedBy.filter((id) => ABOUT_LOCKS.has(id) || FAILS.has(id)).length === 1 ? null : `${where}: ${about.join(', ') || 'nobody'}`;
  return about.length === 0 ? null : `${where}: ${about.join(', ')}`;
}

/** The rules about locks that block each statement of a migration, by its number. */
function blockersOf({ history, migration, alone }: AdversarialCase): ReadonlyMap<number, readonly string[]> {
  const switches = alone === true ? OUTSIDE : '';
  const [first, second] = readMigrations(new Map([['migrations/1_a.sql', `-- +goose Up\n${history}`], ['migrations/2_b.sql', `${switches}-- +goose Up\n${migration}`]]));
  if (first === undefined || second === undefined) throw new Error('two migrations');
  const target: Target = { engine: 'postgres', version: 15, source: 'a test' };
  const found = new Map<number, string[]>();
  for (const one of judgeMigrations([first], [second], { target, settled: true })) {
    const ids = rules.flatMap((rule) => (ABOUT_LOCKS.has(rule.id) || FAILS.has(rule.id) ? [...(rule.checks.migration?.({ ...one, target, tables: new Map() }) ?? [])].map(() => rule.id) : []));
    found.set(one.step.statementIndex, [...(found.get(one.step.statementIndex) ?? []), ...ids]);
  }
  return found;
}

describe('the rules, over every measured statement', () => {
  beforeAll(loadSql);

  it.each(VERSIONS)('block what is heavy once and nothing else, on Postgres %i', (version) => {
    const wrong = statements().flatMap((each) => [unexpected(each, version, OUTSIDE) ?? [], unexpected(each, version, '') ?? []].flat());
    expect(wrong).toEqual([]);
  });

  it('block a statement behind somebody else’s lock once, whatever it is', () => {
    const wrong = statements().flatMap((each) => {
      const { effect, blockedBy } = judge(each, 16, '', 'lock table t, ref, child, dt in access exclusive mode;');
      const about = blockedBy.filter((id) => ABOUT_LOCKS.has(id) || FAILS.has(id));
      if (effect.class !== 'heavy' || BY_THE_LETTER.has(each.id) || about.length === 1) return [];
      return [`${each.id}: ${about.join(', ') || 'nobody'}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(ADVERSARIAL.map((one) => [one.name, one] as const))('speak where it matters and nowhere else: %s', (_name, one) => {
    const spoken = [...blockersOf(one)].sort(([left], [right]) => left - right).map(([, ids]) => ids.length);
    expect(spoken).toEqual(one.classes.map((each) => (each === 'heavy' || each === 'error' ? 1 : 0)));
  });
});
