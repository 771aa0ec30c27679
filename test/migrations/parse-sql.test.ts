import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql, MAXIMUM_SQL_LENGTH, MAXIMUM_SQL_STATEMENTS, MAXIMUM_STATEMENT_LENGTH, parseSql } from '../../src/languages/sql.js';

/** What a reader of a file would check: what each statement is, where it stands and its text. */
function shown(text: string): string[] {
  return parseSql(text).statements.map((each) => {
    const what = each.kind === 'parsed' ? each.tag : each.kind === 'opaque' ? `opaque: ${each.reason}` : `broken at ${String(each.line)}`;
    return `${String(each.span.startLine)}-${String(each.span.endLine)} ${what} | ${each.text.replace(/\s+/g, ' ').slice(0, 60)}`;
  });
}

describe('parseSql', () => {
  beforeAll(loadSql);

  it('gives lines and text right behind letters of several bytes', () => {
    expect(shown('-- é ü 😀\nALTER TABLE "Größe😀" ADD a int; SELECT \'ß\';\n\nSELECT\n  2;\n')).toEqual([
      '2-2 AlterTableStmt | ALTER TABLE "Größe😀" ADD a int',
      "2-2 SelectStmt | SELECT 'ß'",
      '4-5 SelectStmt | SELECT 2',
    ]);
    const [first] = parseSql('/* 😀 */ ALTER TABLE é ADD a int').statements;
    expect(first?.span).toEqual({ startLine: 1, startColumn: 10, endLine: 1, endColumn: 33 });
  });

  it.each([[''], ['\n\n'], ['-- only a comment'], ['/* a /* nested */ one */\n;;'], ['\uFEFF']])('has nothing to say about %j', (text) => {
    expect(shown(text)).toEqual([]);
  });

  it('does not let one bad statement hide the others', () => {
    expect(shown('SELECT 1;\nALTER TABEL t ADD a int;\nSELECT 2')).toEqual(['1-1 SelectStmt | SELECT 1', '2-2 broken at 2 | ALTER TABEL t ADD a int', '3-3 SelectStmt | SELECT 2']);
    expect(shown('CREATE TABLE t (a int,;\nSELECT 2;')).toEqual(['1-1 broken at 1 | CREATE TABLE t (a int,', '2-2 SelectStmt | SELECT 2']);
  });

  it('says on which line of a long statement the error is', () => {
    expect(shown('SELECT 1;\n\nCREATE TABLE t (\n  a int,\n  b inte ger x\n);')).toContain('3-6 broken at 5 | CREATE TABLE t ( a int, b inte ger x )');
  });

  it('skips what psql takes for itself', () => {
    expect(shown("\\set ON_ERROR_STOP on\nCOPY t (a) FROM stdin;\nDROP TABLE x;\n\\.\nSELECT 1;\n\\i other.sql\n")).toEqual(['2-2 CopyStmt | COPY t (a) FROM stdin', '5-5 SelectStmt | SELECT 1', '6-6 opaque: a psql command | \\i other.sql']);
  });

  it('keeps bodies whole when something else in the file is broken', () => {
    const body = 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $x$ BEGIN RETURN 1; END; $x$;\nCREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;\nCREATE RULE r AS ON UPDATE TO t DO ALSO (SELECT 1; SELECT 2);\nfoo;';
    expect(parseSql(body).statements.map((each) => each.kind)).toEqual(['parsed', 'parsed', 'parsed', 'broken']);
  });

  it('does not stop at a null byte', () => {
    expect(shown('SELECT 1;\0 DROP TABLE x;')).toEqual(['1-1 SelectStmt | SELECT 1', '1-1 DropStmt | DROP TABLE x']);
  });

  it.each([
    ['parentheses', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)};`],
    ['operators', `SELECT ${'1+'.repeat(50_000)}1;`],
    ['subqueries', `SELECT * FROM ${'(SELECT * FROM '.repeat(5000)}t${') x'.repeat(5000)};`],
  ])('gives up on a statement nested too deeply, and reads the next: %s', (_, text) => {
    expect(shown(`${text}\nSELECT 2;`)).toEqual([expect.stringMatching(/^1-1 opaque: nested too deeply/), '2-2 SelectStmt | SELECT 2']);
  });

  it('stops behind so many statements, and at statements that are data', () => {
    const many = parseSql('SELECT 1;'.repeat(MAXIMUM_SQL_STATEMENTS + 500)).statements;
    expect(many).toHaveLength(MAXIMUM_SQL_STATEMENTS + 1);
    expect(many.at(-1)).toMatchObject({ kind: 'opaque', reason: 'behind the first 10000 statements of the file' });
    expect(shown(`INSERT INTO t VALUES ${'(1),'.repeat(MAXIMUM_STATEMENT_LENGTH / 4)}(1);\nSELECT 2;`)).toEqual([expect.stringMatching(/^1-1 opaque: longer than 500000 characters/), '2-2 SelectStmt | SELECT 2']);
  });

  it('does not parse what is too long to be a migration', () => {
    expect(shown(`SELECT '${'x'.repeat(MAXIMUM_SQL_LENGTH)}'`)).toEqual([expect.stringMatching(/opaque: longer than 4000000 characters/)]);
  });

  it.each([["SELECT 'never closed"], ['SELECT "never closed'], ['SELECT $x$ never closed'], ['/* never closed'], ['{{ never closed'], ['SELECT E\'a\\']])('survives %j', (text) => {
    expect(() => parseSql(text)).not.toThrow();
  });
});
