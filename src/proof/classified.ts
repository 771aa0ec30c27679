import type { Catalog } from '../migrations/catalog.js';
import { judgeWholeMigrations, type JudgedMigration } from '../migrations/judge-migrations.js';
import { classifiedStatements, type ClassifiedStatement } from '../migrations/lock-statements.js';
import type { Migration } from '../migrations/migration.js';
import type { ProofQuestion } from '../migrations/proof-question.js';

/** What the classifier says of a migration. */
export interface Classified {
  readonly up: ReadonlyMap<number, ClassifiedStatement>;
  readonly down: ReadonlyMap<number, ClassifiedStatement>;
  /** The database's shape before it. */
  readonly before: Catalog;
  /** Relations that either direction locks, `schema.name`. */
  readonly touched: ReadonlySet<string>;
}

function touchedBy({ steps, down }: JudgedMigration): ReadonlySet<string> {
  return new Set([...steps, ...down].flatMap(({ effect }) => [...Object.keys(effect.modes), ...effect.rewrite, ...effect.scan]));
}

/** The changed migrations of a question as the classifier sees them on some version of the server. */
export function classifyChanged(question: ProofQuestion, version: number): ReadonlyMap<Migration, Classified> {
  const { history, changed, target, settled, starts } = question;
  const judged = judgeWholeMigrations(history, changed, { target: { ...target, version }, settled, starts });
  return new Map([...judged].map((each) => [each.migration, { up: classifiedStatements(each, 'up'), down: classifiedStatements(each, 'down'), before: each.before, touched: touchedBy(each) }]));
}
