/** Text that a tool fills in before it becomes SQL: what is still read, and what is left open. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql, parseSql } from '../../src/languages/sql.js';
import { readSql } from '../../src/migrations/read-sql.js';

/** Tags of parsed statements, reasons of opaque ones, lines of broken ones; `?` marks what is conditional. */
function shown(text: string): string[] {
  return parseSql(text).statements.map((each) => {
    const what = each.kind === 'parsed' ? each.tag : each.kind === 'opaque' ? `opaque: ${each.reason}` : `broken at ${String(each.line)}`;
    return each.conditional === true ? `${what}?` : what;
  });
}

/** The names of the tables that the steps are about. */
function tables(text: string): string[] {
  return readSql(text).steps.map((step) => ('table' in step && step.table !== null ? `${step.table.schema ?? ''}.${step.table.name}` : step.kind));
}

const OPAQUE = ['opaque: a template placeholder'];

describe('placeholders', () => {
  beforeAll(loadSql);

  it.each<readonly [string, string]>([
    ['CREATE TABLE {{ index .Options "Namespace" }}.users (id int)', '.users'],
    ['CREATE TABLE "${schema}".users (id int)', '.users'],
    ['ALTER TABLE ${flyway:defaultSchema}.users ADD a int', '.users'],
    ['ALTER TABLE @schema@.users ADD a int', '.users'],
    ['ALTER TABLE {schema}.users ADD a int', '.users'],
    ['ALTER TABLE #{schema}.users ADD a int', '.users'],
    ['ALTER TABLE $(schema).users ADD a int', '.users'],
    ['ALTER TABLE :"schema".users ADD a int', 'schema.users'],
    ['ALTER TABLE :"name" ADD a int', '.name'],
    ['ALTER TABLE {{.prefix}}users ADD a int', '.prefixusers'],
    ['ALTER TABLE {{ .prefix }}users ADD a int', '.prefixusers'],
    ['ALTER TABLE public.${prefix}users ADD a int', 'public.prefixusers'],
    ['ALTER TABLE users_${suffix} ADD a int', '.users_suffix'],
    ['ALTER TABLE "{{prefix}}Users" ADD a int', '.prefixUsers'],
    ['ALTER TABLE ${table} ADD a int', '._table'],
    ['CREATE INDEX ON public.{{ table }} (a)', 'public._table'],
    ['DELETE FROM ${table} WHERE id = :id', '._table'],
  ])('stand for names where only a name can stand: %s', (text, expected) => {
    expect(tables(text)).toEqual([expected]);
  });

  it.each([
    ["SELECT :id, a[1:b], c::text FROM t WHERE d = :'e'", 'SelectStmt'],
    ['INSERT INTO t (a, b) VALUES (%(a)s, ${b})', 'InsertStmt'],
    ['UPDATE t SET a = ${value} WHERE b = {{ .B }} LIMIT_OK', ''],
    ["UPDATE t SET a = ${value} WHERE b IN (:x, :'y')", 'UpdateStmt'],
    ["ALTER TABLE t ALTER COLUMN a SET DEFAULT :'value'", 'AlterTableStmt'],
    ['GRANT SELECT ON t TO ${role}', 'GrantStmt'],
    ['ALTER TABLE t OWNER TO {{ owner }}', 'AlterTableStmt'],
    ['SET search_path TO ${schema}', 'VariableSetStmt'],
    ['SET ROLE :"role"', 'VariableSetStmt'],
    ["SELECT '{{ not one }}', '${nor this}', a[1:2], 1::int", 'SelectStmt'],
  ])('stand for values and roles: %s', (text, expected) => {
    expect(shown(text)).toEqual(expected === '' ? OPAQUE : [expected]);
  });

  it.each([
    'ALTER TABLE t ADD COLUMN a ${type}',
    'ALTER TABLE t ALTER COLUMN a TYPE {{ .type }}',
    'ALTER TABLE t ADD COLUMN a int DEFAULT ${value}',
    'CREATE INDEX ${concurrently} i ON t (a)',
    'CREATE TABLE ${exists} t (a int)',
    'CREATE TABLE t (a int, ${columns})',
    'DELETE FROM t WHERE ${condition}',
    'UPDATE t SET a = 1 WHERE b = 1 AND ${condition}',
    'ALTER TABLE t ${change}',
    '${statement}',
    '{{ addColumnIfNeeded "t" "a" "int" }}',
    '{{ template "shared/x.sql" . }}',
    'ALTER TABLE t ADD COLUMN a varchar(${length})',
  ])('leave a statement open where they may stand for anything: %s', (text) => {
    expect(shown(`${text};`)).toEqual(OPAQUE);
    expect(shown(`${text}\n;\nSELECT 1;`)).toEqual([...OPAQUE, 'SelectStmt']);
  });

  it('keep the timeout that somebody configures a timeout', () => {
    expect(readSql('SET lock_timeout = ${timeout};').steps).toEqual([expect.objectContaining({ kind: 'set-setting', setting: 'lock_timeout', value: '5s' })]);
  });

  it('keep lines and columns', () => {
    const [one, other] = readSql('ALTER TABLE {{ .prefix }}users ADD a int,\n  ADD b int;').steps;
    expect(one?.span).toMatchObject({ startLine: 1, startColumn: 32 });
    expect(other?.span).toMatchObject({ startLine: 2, startColumn: 3 });
    expect(one?.statement).toBe('ALTER TABLE {{ .prefix }}users ADD a int,\n  ADD b int');
  });
});

describe('template logic', () => {
  beforeAll(loadSql);

  it.each<readonly [string, readonly string[]]>([
    ['{{if .mysql}}\nALTER TABLE t MODIFY a int;\n{{end}}\n{{if .postgres}}\nDROP TABLE t;\n{{end}}', ['DropStmt']],
    ['{{ if .IsMySQL }}SHOW TABLES FROM x;{{ else }}DROP TABLE t;{{ end }}', ['DropStmt']],
    ['{{- if eq .Dialect "sqlite" -}} PRAGMA x; {{- else if eq .Dialect "postgres" -}} DROP TABLE t; {{- else -}} nonsense; {{- end -}}', ['DropStmt']],
    ["{% if dialect != 'postgres' %}nonsense;{% else %}DROP TABLE t;{% endif %}", ['DropStmt']],
    ['{{if not .mysql}}DROP TABLE t;{{end}}', ['DropStmt']],
    ['{{if .big}}DROP TABLE t;{{else}}TRUNCATE t;{{end}}SELECT 1;', ['DropStmt?', 'TruncateStmt?', 'SelectStmt']],
    ['{{range .tables}}ALTER TABLE {{.}} ADD a int;{{end}}SELECT 1;', ['opaque: inside a loop of a template', 'SelectStmt']],
    ['{% for t in tables %}DROP TABLE {{ t }};{% endfor %}', ['opaque: inside a loop of a template']],
    ['ALTER TABLE t ADD a {{if .postgres}}jsonb{{else}}text{{end}};', ['AlterTableStmt']],
    ['ALTER TABLE t ADD a {{if .big}}bigint{{else}}int{{end}};SELECT 1;', ['opaque: template logic', 'SelectStmt']],
    ['{{- /* DROP TABLE x; */ -}}\n{{ $name := "x" }}\nSELECT 1;', ['SelectStmt']],
    ['{{ if .Auth }}\nSELECT 1;\n{{ end }}', ['SelectStmt?']],
    ['{{ if .mysql }} never closed', []],
    ['{{ end }}{{ end }}SELECT 1;', ['SelectStmt']],
  ])('is decided where it names databases: %s', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });
});

describe('psql', () => {
  beforeAll(loadSql);

  it.each<readonly [string, readonly string[]]>([
    ['\\set ON_ERROR_STOP on\n\\set name value\nCOPY t (a) FROM stdin;\nDROP TABLE x;\n\\.\nSELECT 1;', ['CopyStmt', 'SelectStmt']],
    ['SELECT 1;\n\\i other.sql\n\\ir more.sql', ['SelectStmt', 'opaque: a psql command', 'opaque: a psql command']],
    ["SELECT format('DROP TABLE %I', t) FROM x \\gexec\nSELECT 1;", ['opaque: a psql command', 'SelectStmt']],
    ["SELECT 'CREATE DATABASE x'\nWHERE true\n\\gexec\nSELECT 1;", ['opaque: a psql command', 'SelectStmt']],
    ['SELECT 1 AS a \\gset\nSELECT :a;', ['SelectStmt', 'SelectStmt']],
    ['\\if :big\nDROP TABLE t;\n\\else\nTRUNCATE t;\n\\endif\nSELECT 1;', ['DropStmt?', 'TruncateStmt?', 'SelectStmt']],
    ['\\connect other\nDROP TABLE t;', ['opaque: a psql command', 'DropStmt']],
    ["\\copy t FROM 'x.csv'", ['opaque: a psql command']],
    ['\\echo hello\n\\timing\n\\x\n', []],
  ])('commands: %s', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });
});
