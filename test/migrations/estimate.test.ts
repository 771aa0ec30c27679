import { describe, expect, it } from '@jest/globals';
import { readStatistics, withStatistics } from '../../src/core/statistics.js';
import { estimateOf } from '../../src/migrations/estimate.js';
import { statement } from '../support/proof/reports.js';

const REWRITE = statement({ rewrite: ['public.users'], class: 'heavy' });

describe('an estimate at scale', () => {
  it('grows with the rows, and counts who waits behind an exclusive lock', () => {
    const small = estimateOf(REWRITE, new Map([['users', { rows: 1_000_000, qps: 100 }]]));
    const large = estimateOf(REWRITE, new Map([['public.users', { rows: 50_000_000, qps: 100 }]]));
    expect(small).toMatchObject({ relation: 'public.users', rows: 1_000_000, from: 'configuration', calibration: 'calibrated on one machine' });
    // Both are rounded to two digits.
    expect(Math.abs((large?.milliseconds[0] ?? 0) / (small?.milliseconds[0] ?? 0) / 50 - 1) < 0.1).toBe(true);
    expect((large?.milliseconds[1] ?? 0) > (large?.milliseconds[0] ?? 0)).toBe(true);
    expect((large?.queued ?? 0) > (small?.queued ?? 0)).toBe(true);
  });

  it('takes longer for rows that are looked up in another table than for rows that are read', () => {
    const tables = new Map([['orders', { rows: 10_000_000 }]]);
    const of = (text: string) => estimateOf(statement({ statement: text, scan: ['public.orders'], locks: { 'public.orders': 'ShareRowExclusiveLock' }, class: 'heavy' }), tables)?.milliseconds ?? [0, 0];
    const [read, looked] = [of('ALTER TABLE orders ADD CHECK (amount > 0)'), of('ALTER TABLE orders ADD FOREIGN KEY (account_id) REFERENCES accounts (id)')];
    expect([looked[0] > read[0], looked[1] > read[1]]).toEqual([true, true]);
  });

  it('says nothing where no size is known, nobody is kept out, or nothing is worked through', () => {
    const tables = new Map([['users', { rows: 1_000_000 }]]);
    expect([estimateOf(REWRITE, new Map()), estimateOf(statement(), tables), estimateOf(statement({ scan: ['public.users'], locks: { 'public.users': 'ShareUpdateExclusiveLock' } }), tables)]).toEqual([null, null, null]);
  });
});

describe('committed statistics', () => {
  const dump = { version: 1, server: '16.4', at: '2025-01-01T00:00:00Z', since: null, tables: { 'public.users': { rows: 5e6, bytes: 1, writesPerSecond: 20 }, 'public.orders': { rows: 7, bytes: 1, writesPerSecond: null } } };

  it('tell sizes of tables that the configuration does not name', () => {
    const read = readStatistics(JSON.stringify(dump));
    if ('problem' in read) throw new Error(read.problem);
    const tables = withStatistics(new Map([['orders', { hot: true }]]), read.statistics);
    expect([...tables]).toEqual([['orders', { hot: true }], ['public.users', { rows: 5_000_000, writes: 20, from: 'statistics' }]]);
    expect(estimateOf(REWRITE, tables)).toMatchObject({ from: 'statistics' });
  });

  it.each(['', '[]', 'null', '{"version":2}', JSON.stringify({ ...dump, tables: { users: { rows: -1, bytes: 0, writesPerSecond: 0 } } }), JSON.stringify({ ...dump, tables: { users: 'DROP TABLE' } }), `"${'x'.repeat(8_000_001)}"`])('that are no such thing do not count (case %#)', (text) => {
    expect(readStatistics(text)).toHaveProperty('problem');
  });
});
