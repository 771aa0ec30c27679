import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import type { TypeName } from '../../src/migrations/definition.js';
import { narrowing } from '../../src/migrations/describe/narrowing.js';
import { readSql } from '../../src/migrations/read-sql.js';

function type(text: string): TypeName {
  const [step] = readSql(`ALTER TABLE t ALTER COLUMN c TYPE ${text}`).steps;
  if (step?.kind !== 'set-type') throw new Error(text);
  return step.type;
}

function shown(from: string, to: string, cast = false): string {
  const found = narrowing(type(from), type(to), cast);
  return found === null ? 'fits' : `${found.outcome}: ${found.what}`;
}

describe('narrowing', () => {
  beforeAll(loadSql);

  it.each([
    ['bigint', 'integer', 'fails: beyond 2,147,483,647'],
    ['integer', 'smallint', 'fails: beyond 32,767'],
    ['integer', 'bigint', 'fits'],
    ['numeric', 'bigint', 'loses: everything behind the point'],
    ['numeric(12,0)', 'integer', 'fails: beyond 2,147,483,647'],
    ['numeric(8,0)', 'integer', 'fits'],
    ['double precision', 'integer', 'loses: everything behind the point'],
    ['double precision', 'real', 'loses: digits behind the 6th'],
    ['real', 'double precision', 'fits'],
    ['bigint', 'double precision', 'loses: digits behind the 15th'],
    ['integer', 'double precision', 'fits'],
    ['integer', 'numeric(65,30)', 'fits'],
    ['integer', 'numeric(8,2)', 'fails: with more than 6 digits before the point'],
    ['numeric(10,2)', 'numeric(8,2)', 'fails: with more than 6 digits before the point'],
    ['numeric(10,2)', 'numeric(12,4)', 'fits'],
    ['numeric(12,4)', 'numeric(12,2)', 'loses: digits behind the 2nd decimal place'],
    ['numeric', 'numeric(10,2)', 'fails: with more than 8 digits before the point'],
    ['numeric(10,2)', 'numeric', 'fits'],
    ['text', 'varchar(50)', 'fails: longer than 50 characters'],
    ['varchar', 'varchar(50)', 'fails: longer than 50 characters'],
    ['varchar(50)', 'varchar(20)', 'fails: longer than 20 characters'],
    ['varchar(20)', 'varchar(50)', 'fits'],
    ['varchar(20)', 'text', 'fits'],
    ['text', 'varchar', 'fits'],
    ['char(10)', 'char(20)', 'fits'],
    ['varchar(20)', 'char(10)', 'fails: longer than 10 characters'],
    ['varbit(8)', 'varbit(4)', 'fails: that has not at most 4 bits'],
    ['timestamp', 'timestamp(3)', 'loses: fractions of a second behind the 3rd digit'],
    ['timestamptz(3)', 'timestamptz(0)', 'loses: fractions of a second'],
    ['timestamp(3)', 'timestamp', 'fits'],
    ['timestamp', 'timestamptz', 'fits'],
    ['timestamp', 'date', 'loses: the time of day'],
    ['timestamptz', 'time', 'loses: the date'],
    ['text[]', 'varchar(5)[]', 'fails: longer than 5 characters'],
    ['text', 'uuid', 'fits'],
    ['json', 'jsonb', 'fits'],
    ['app.label', 'varchar(5)', 'fits'],
  ])('%s to %s', (from, to, expected) => {
    expect(shown(from, to)).toBe(expected);
  });

  it('knows that an explicit cast cuts off what does not fit', () => {
    expect(shown('text', 'varchar(50)', true)).toBe('loses: everything behind the 50th character');
    expect(shown('varchar(30)', 'char(21)', true)).toBe('loses: everything behind the 21st character');
  });
});
