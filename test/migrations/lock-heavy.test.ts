/** The measured statements that are heavy: rewrites or reads under SHARE or stronger. What `belay locks` and the blocking rules make of them. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { mergeEffects } from '../../src/migrations/classify.js';
import { judgeMigrations } from '../../src/migrations/judge-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { rules } from '../../src/rules/registry.generated.js';

const STRONG = ['S', 'SRX', 'X', 'AX'];

interface Measured {
  readonly id: string;
  readonly setup: string;
  readonly statement: string;
  readonly heavy: boolean;
}

/** VACUUM FULL was measured while it waited for its lock; lock-differential.test.ts has a server write the table anew. */
function isHeavy(id: string, result: string): boolean {
  const strong = [...result.matchAll(/\w+:([A-Z]+)/g)].some(([, mode = '']) => STRONG.includes(mode));
  return strong && (/(?:REWRITE|SCAN)\(/.test(result) || id === 'vacuum_full');
}

function measured(version: number): Measured[] {
  const lines = readFileSync(new URL('./lock-matrix.tsv', import.meta.url), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.flatMap((line) => {
    const [id = '', setup = '', statement = '', results = ''] = line.split('\t');
    const result = results.split('||').map((range) => /^\s*(\d+)-(\d+):\s*(.*?)\s*$/.exec(range)).find((match) => match !== null && Number(match[1]) <= version && version <= Number(match[2]))?.[3];
    return result === undefined || result.startsWith('ERR') ? [] : [{ id, setup: setup === '-' ? '' : setup, statement, heavy: isHeavy(id, result) }];
  });
}

interface Said {
  readonly class: string;
  readonly blocked: boolean;
}

function judge({ setup, statement }: Measured, version: number): Said {
  const base = readFileSync(new URL('./lock-matrix-setup.sql', import.meta.url), 'utf8');
  const session = /^set /i.test(setup);
  const files = { 'migrations/1_tables.sql': base, 'migrations/2_more.sql': session ? '' : setup, 'migrations/3_change.sql': `${session ? `${setup};` : ''}\n${statement}` };
  const all = readMigrations(new Map(Object.entries(files).map(([path, text]) => [path, `-- +goose NO TRANSACTION\n-- +goose Up\n${text};`])));
  const target = { engine: 'postgres', version, source: 'a test' } as const;
  const judged = [...judgeMigrations(all.slice(0, -1), all.slice(-1), { target, settled: true })];
  const blocks = rules.some((rule) => rule.level === 'block' && rule.id.startsWith('migrations/') && judged.some((one) => [...(rule.checks.migration?.({ ...one, target, tables: new Map() }) ?? [])].length > 0));
  return { class: mergeEffects(judged.map(({ effect }) => effect)).class, blocked: blocks };
}

describe('heavy statements', () => {
  beforeAll(loadSql);

  it('are 52 of the 140 that were measured on Postgres 17', () => {
    expect(measured(17)).toHaveLength(140);
    expect(measured(17).filter(({ heavy }) => heavy)).toHaveLength(52);
  });

  it.each([10, 11, 12, 13, 14, 15, 16, 17, 18])('are all called heavy on Postgres %i, and no other but an index of a partitioned table', (version) => {
    const all = measured(version);
    const called = all.filter((each) => judge(each, version).class === 'heavy').map(({ id }) => id);
    const heavy = all.filter((each) => each.heavy).map(({ id }) => id);
    expect(heavy.filter((id) => !called.includes(id))).toEqual([]);
    // The server reads the partition, though it is empty; the measurement did not count that.
    expect(called.filter((id) => !heavy.includes(id))).toEqual(version < 11 ? [] : ['create_index_on_partitioned']);
  });

  it('are blocked on Postgres 17: all but TRUNCATE, which is over at once, and REFRESH CONCURRENTLY, which keeps nobody out', () => {
    const all = measured(17).map((each) => ({ ...each, said: judge(each, 17) }));
    expect(all.filter(({ heavy, said }) => heavy && !said.blocked).map(({ id }) => id)).toEqual(['refresh_mv_concurrently', 'truncate', 'truncate_cascade']);
  });
});
