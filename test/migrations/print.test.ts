import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql, parseOne } from '../../src/languages/sql.js';
import { print } from '../../src/migrations/print.js';
import { readSql } from '../../src/migrations/read-sql.js';
import type { Step } from '../../src/migrations/step.js';
import { everyStatement, matrixStatements, sqlFixtures } from '../support/statements.js';

/** The step without its place: what must survive printing and reading. */
function meaning(step: Step): unknown {
  const { span: _span, statement: _statement, statementSpan: _statementSpan, statementIndex: _index, wholeLines: _lines, conditional: _conditional, tests: _tests, block: _block, ...rest } = step;
  // In a routine, comparing with a variable is comparing with a constant.
  return step.block === undefined ? rest : { ...rest, equals: undefined };
}

/** Steps that share a statement with others and are printed as the whole of it: writes in WITH, what CREATE SCHEMA grants. */
function isPart(step: Step, all: readonly Step[]): boolean {
  const whole = print(step) === step.statement;
  return whole && all.some((other) => other !== step && other.statement === step.statement && other.statementIndex === step.statementIndex);
}

function survives(sql: string): void {
  const { steps } = readSql(sql);
  for (const step of steps) {
    if (step.kind === 'opaque' || step.kind === 'do-block' || isPart(step, steps)) continue;
    const again = readSql(print(step)).steps.map(meaning);
    expect({ sql: print(step), steps: again }).toEqual({ sql: print(step), steps: [meaning(step)] });
  }
}

const PLACES = new Set(['location', 'stmt_location', 'stmt_len', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end']);
const ANY_ORDER = new Set(['constraints', 'tableElts']);

/** A tree without places, `pg_catalog.` and orders that mean nothing. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !PLACES.has(key)).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, each]) => {
      const inner = bare(each);
      if (!Array.isArray(inner)) return [key, inner];
      const first = JSON.stringify(inner[0]);
      if (key === 'names' && inner.length === 2 && first === '{"String":{"sval":"pg_catalog"}}') return [key, inner.slice(1)];
      return [key, ANY_ORDER.has(key) ? inner.map((item) => JSON.stringify(item)).sort() : inner];
    }),
  );
}

interface Altered {
  readonly AlterTableStmt?: { readonly cmds?: readonly unknown[] };
}

/** The tree of one step of a statement: of an ALTER with several subcommands the one alone. */
function treeOf(sql: string, index: number, count: number): unknown {
  const node = parseOne(sql)?.node as Altered | undefined;
  const altered = node?.AlterTableStmt;
  return bare(altered === undefined || count === 1 ? node : { AlterTableStmt: { ...altered, cmds: altered.cmds?.slice(index, index + 1) } });
}

/** What print leaves out or writes otherwise on purpose. */
const OTHERWISE = [
  /^(?:VACUUM|ANALYZE|REINDEX) .*(?:VERBOSE|\()/, // what they say while they work, and which columns they read
  /^(?:LOCK TABLE|TRUNCATE) ONLY/,
  /^SET |set_config\(/, // values are quoted
  /^SELECT .* INTO /, // CREATE TABLE AS
  /^CREATE (?:SCHEMA \w+ AUTHORIZATION \w+ CREATE|DOMAIN .* CONSTRAINT \w+ NOT NULL)/,
  /OWNED BY NONE$/, // what CREATE SEQUENCE does anyway
  /INCLUDING STORAGE EXCLUDING STORAGE/,
  /PRIMARY KEY NOT NULL|NOT NULL PRIMARY KEY/i,
];

describe('print', () => {
  beforeAll(loadSql);

  it.each(everyStatement().map(({ sql }) => [sql]))('gives SQL that reads as the same steps: %s', (sql) => {
    expect(readSql(sql).broken).toBeUndefined();
    survives(sql);
  });

  it('gives SQL that reads as the same steps: all of the lock matrix', () => {
    for (const sql of matrixStatements()) survives(sql);
  });

  it.each(sqlFixtures())('gives SQL that reads as the same steps: %s', (_, sql) => {
    survives(sql);
  });

  it.each([...everyStatement().map(({ sql }) => sql), ...matrixStatements()].filter((sql) => !OTHERWISE.some((pattern) => pattern.test(sql))).map((sql) => [sql]))('leaves nothing out: %s', (sql) => {
    const { steps } = readSql(sql);
    const [first] = steps;
    if (first === undefined || steps.some((step) => step.kind === 'opaque' || step.kind === 'do-block' || isPart(step, steps) || step.statement !== first.statement)) return;
    steps.forEach((step, index) => {
      expect({ sql: print(step), tree: treeOf(print(step), 0, 1) }).toEqual({ sql: print(step), tree: treeOf(step.statement, index, steps.length) });
    });
  });

  it('makes each subcommand of an ALTER TABLE a statement of its own', () => {
    const { steps } = readSql('ALTER TABLE public."T" ADD COLUMN a int, ALTER COLUMN b SET NOT NULL');
    expect(steps.map(print)).toEqual(['ALTER TABLE public."T" ADD COLUMN a integer', 'ALTER TABLE public."T" ALTER COLUMN b SET NOT NULL']);
  });

  it('needs no statement for what is put together from its parts', () => {
    const bareSteps = everyStatement().flatMap(({ sql }) => readSql(sql).steps.map((step) => ({ ...step, statement: '' })));
    const kinds = new Set(bareSteps.filter((step) => print(step) === '').map((step) => step.kind));
    expect([...kinds].sort()).toEqual(
      ['alter-policy', 'call', 'comment', 'copy', 'create-function', 'create-policy', 'create-rule', 'create-statistics', 'create-trigger', 'create-type', 'delete', 'drop-function', 'grant', 'insert', 'merge', 'opaque', 'raw', 'select', 'set-publication-tables', 'update'].sort(),
    );
  });
});
