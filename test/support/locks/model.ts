import { judgeMigrations } from '../../../src/migrations/judge-migrations.js';
import { mergeEffects, type LockEffect } from '../../../src/migrations/classify.js';
import type { Migration, TransactionScope } from '../../../src/migrations/migration.js';
import { readSql } from '../../../src/migrations/read-sql.js';
import type { Step } from '../../../src/migrations/step.js';

function migration(id: string, up: readonly Step[], scope: TransactionScope): Migration {
  return { id, order: id, history: '', path: `${id}.sql`, downPath: null, up, down: 'none', spans: { up: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }, down: null }, framework: 'sql', transaction: { scope, implicit: false, reason: '', switchOff: null } };
}

/** Statements one by one, each with what it is preceded by in its text. */
function steps(statements: readonly string[]): Step[] {
  return statements.flatMap((statement, statementIndex) => readSql(statement).steps.map((step) => ({ ...step, statementIndex })));
}

/** The model's side of an observation: one merged effect for each statement of a transaction over a database built by `world`. */
export interface Model {
  transaction(statements: readonly string[], scope?: TransactionScope): readonly LockEffect[];
}

/** Needs `loadSql()`. */
export function modelOf(world: readonly string[], version: number): Model {
  const history = migration('1', steps(world), 'none');
  return {
    transaction(statements, scope = 'per-file') {
      const judged = [...judgeMigrations([history], [migration('2', steps(statements), scope)], { target: { engine: 'postgres', version, source: 'test' }, settled: true })];
      return statements.map((_, index) => mergeEffects(judged.filter(({ step }) => step.statementIndex === index).map(({ effect }) => effect)));
    },
  };
}
