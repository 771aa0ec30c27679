import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadSql, parseSql } from '../../src/languages/sql.js';
import { readSql } from '../../src/migrations/read-sql.js';
import { everyStatement } from '../support/statements.js';

/** Parts of statements, and nodes that no text gives by themselves. */
const NO_STATEMENTS = new Set(['RawStmt', 'SetOperationStmt', 'ReturnStmt', 'PLAssignStmt', 'ReplicaIdentityStmt', 'CreatePLangStmt']);

function grammarStatements(): string[] {
  const types = createRequire(import.meta.url).resolve('@pgsql/types/types.d.ts');
  return [...readFileSync(types, 'utf8').matchAll(/^export interface (\w+Stmt) /gm)].map((match) => match[1] ?? '');
}

function kindsOf(sql: string): string {
  const kinds = readSql(sql).steps.map((step) => `${step.kind}${step.kind === 'raw' && step.outsideTransaction === true ? ' outside' : ''}`);
  return kinds.length > 8 ? '*' : kinds.join(', ');
}

describe('every statement of the grammar', () => {
  beforeAll(loadSql);

  it.each(everyStatement().map(({ sql, kinds }) => [sql, kinds]))('is read: %s', (sql, kinds) => {
    expect(kindsOf(sql)).toBe(kinds);
  });

  it('is among the examples', () => {
    const seen = new Set(everyStatement().flatMap(({ sql }) => parseSql(sql).statements.map((statement) => (statement.kind === 'parsed' ? statement.tag : statement.kind))));
    const all = grammarStatements();
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter((tag) => !seen.has(tag) && !NO_STATEMENTS.has(tag))).toEqual([]);
  });

  it('gives each subcommand of an ALTER its own step', () => {
    const altered = everyStatement().filter(({ kinds }) => kinds === '*');
    expect(altered).toHaveLength(3);
    for (const { sql } of altered) expect(readSql(sql).steps.map((step) => step.kind)).not.toContain('raw');
  });
});

describe('how many rows a write touches', () => {
  beforeAll(loadSql);

  it.each([
    ['UPDATE t SET a = 1', 'all'],
    ['UPDATE t SET a = 1 WHERE true', 'all'],
    ['UPDATE t SET a = 1 WHERE 1 = 1', 'all'],
    ["UPDATE t SET a = 1 WHERE 'x' <> 'y' AND NOT false", 'all'],
    ['UPDATE t SET a = 1 WHERE a = 1 OR true', 'all'],
    ['UPDATE t SET a = 1 WHERE NULL IS NULL', 'all'],
    ['UPDATE t SET a = 1 WHERE true AND a > 1', 'some'],
    ['UPDATE t SET a = 1 WHERE id IS NOT NULL', 'some'],
    ['UPDATE t SET a = (SELECT b FROM u LIMIT 1)', 'all'],
    ['UPDATE t SET a = (SELECT b FROM u LIMIT 1) WHERE a IS NULL', 'some'],
    ['UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 100)', 'batch'],
    ['UPDATE t SET a = 1 WHERE ctid = ANY (ARRAY (SELECT ctid FROM t LIMIT 100 FOR UPDATE SKIP LOCKED))', 'batch'],
    ['WITH few AS (SELECT id FROM t LIMIT 10) UPDATE t SET a = 1 FROM few WHERE t.id = few.id', 'batch'],
    ['WITH few AS (SELECT id FROM t LIMIT 10), more AS (SELECT * FROM few) UPDATE t SET a = 1 WHERE id IN (SELECT id FROM more)', 'batch'],
    ['UPDATE t SET a = 1 FROM (SELECT id FROM t LIMIT 10) s WHERE t.id = s.id', 'batch'],
    ['UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t LIMIT ALL)', 'some'],
    ['UPDATE t SET a = 1 WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id LIMIT 1)', 'some'],
    ['UPDATE t SET a = u.b FROM u, LATERAL (SELECT 1 LIMIT 1) s WHERE t.id = u.id', 'some'],
    ['UPDATE t SET a = 1 WHERE id BETWEEN 1 AND 5000', 'batch'],
    ['UPDATE t SET a = 1 WHERE id >= 1 AND id < 5000 AND a IS NULL', 'batch'],
    ['UPDATE t SET a = 1 WHERE id > 1', 'some'],
    ['UPDATE t SET a = 1 WHERE age BETWEEN 1 AND 100', 'some'],
    ['DELETE FROM t', 'all'],
    ['DELETE FROM t USING u WHERE t.id = u.id', 'some'],
    ['INSERT INTO t VALUES (1), (2)', 'rows'],
    ['INSERT INTO t DEFAULT VALUES', 'rows'],
    ['INSERT INTO t SELECT 1', 'rows'],
    ['INSERT INTO t SELECT * FROM (VALUES (1)) AS v', 'rows'],
    ['INSERT INTO t SELECT generate_series(1, 1000000)', 'all'],
    ['INSERT INTO t SELECT * FROM u', 'all'],
    ['INSERT INTO t SELECT * FROM u WHERE a > 1', 'some'],
    ['INSERT INTO t SELECT * FROM u ORDER BY id LIMIT 10', 'batch'],
  ])('%s: %s', (sql, expected) => {
    const step = readSql(sql).steps.at(-1);
    expect(step !== undefined && 'boundedness' in step ? step.boundedness : null).toBe(expected);
  });

  it.each([
    ['UPDATE t SET a = 1 WHERE id = 3', ['id']],
    ['UPDATE t SET a = 1 WHERE 3 = t.id', ['id']],
    ['UPDATE t SET a = 1 WHERE id IN (1, 2) AND b = now()', ['id', 'b']],
    ['UPDATE t SET a = 1 WHERE id = ANY (ARRAY[1, 2])', ['id']],
    ['UPDATE t SET a = 1 WHERE id = 1 OR id = 2', ['id']],
    ['UPDATE t SET a = 1 WHERE id = 1 OR b = 2', []],
    ['UPDATE t SET a = 1 WHERE (x, y) IN ((1, 2), (3, 4))', ['x', 'y']],
    ['UPDATE t SET a = 1 FROM u WHERE t.id = u.id', []],
    ['UPDATE t SET a = 1 WHERE id = (SELECT 1)', []],
    ['DELETE FROM t WHERE id <> 1', []],
  ])('%s fixes %j', (sql, expected) => {
    const [step] = readSql(sql).steps;
    expect(step !== undefined && 'equals' in step ? step.equals : null).toEqual(expected);
  });

  it.each([
    ['INSERT INTO t SELECT * FROM u', ['u']],
    ['INSERT INTO t SELECT * FROM t', ['t']],
    ['UPDATE t SET a = (SELECT b FROM u) FROM t other WHERE other.id = t.id', ['u', 't']],
    ['DELETE FROM t USING u WHERE t.id = u.id', ['u']],
    ['WITH w AS (SELECT * FROM u) DELETE FROM t WHERE id IN (SELECT id FROM w)', ['u']],
    ['SELECT * FROM pg_class, information_schema.tables, pg_catalog.pg_type, u', ['u']],
  ])('%s reads %j', (sql, expected) => {
    const [step] = readSql(sql).steps;
    const reads = step === undefined ? [] : 'reads' in step ? step.reads : step.kind === 'select' ? step.query.reads : [];
    expect(reads.map((name) => name.name).sort()).toEqual([...expected].sort());
  });

  it('makes each write in a WITH a step', () => {
    expect(readSql('WITH a AS (DELETE FROM x WHERE id = 1 RETURNING *), b AS (INSERT INTO y SELECT * FROM a RETURNING id) SELECT * FROM b').steps.map((step) => step.kind)).toEqual(['delete', 'insert', 'select']);
  });
});
