import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { remembered } from '../../src/migrations/remembered.js';
import { replay } from '../../src/migrations/replay.js';
import { describeCatalog } from '../support/catalog/describe-catalog.js';

describe('remembered', () => {
  it('works a text out once, and again when others came in between', () => {
    const seen: string[] = [];
    const length = remembered((text) => seen.push(text) && text.length, 10);
    expect(['aaaa', 'bbbb', 'aaaa', 'cccc', 'aaaa', 'bbbb'].map(length)).toEqual([4, 4, 4, 4, 4, 4]);
    // "bbbb" was used longest ago when "cccc" came.
    expect(seen).toEqual(['aaaa', 'bbbb', 'cccc', 'bbbb']);
  });

  it('does not keep what weighs too much, nor what failed', () => {
    let times = 0;
    const work = remembered((text) => {
      times += 1;
      if (text === 'bad') throw new Error('no');
      return text.length;
    }, 1000);
    expect([work('a'.repeat(600_000)), work('a'.repeat(600_000))]).toEqual([600_000, 600_000]);
    for (const _ of [1, 2]) expect(() => work('bad')).toThrow('no');
    expect(times).toBe(4);
  });
});

describe('a history that is replayed again', () => {
  beforeAll(loadSql);

  const shape = (files: Readonly<Record<string, string>>): string => JSON.stringify([...describeCatalog(replay(readMigrations(new Map(Object.entries(files)))))]);

  it('gives the same, also when its beginning is another one’s or it is run differently', () => {
    const one = { 'migrations/1.sql': 'CREATE TABLE t (id int);', 'migrations/2.sql': '-- +goose Up\nSET LOCAL search_path = s;\nCREATE SCHEMA s;\nCREATE TABLE u (id int);' };
    const outside = { ...one, 'migrations/2.sql': one['migrations/2.sql'].replace('-- +goose Up', '-- +goose NO TRANSACTION\n-- +goose Up') };
    const other = { ...one, 'migrations/1.sql': 'CREATE TABLE v (id int);' };
    const fresh = [one, outside, other].map(shape);
    expect([one, outside, other].map(shape)).toEqual(fresh);
    expect(new Set(fresh).size).toBe(3);
    expect(fresh[0]).toContain('s.u');
    expect(fresh[1]).toContain('public.u');
  });
});
