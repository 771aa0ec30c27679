import type { Migration, TransactionFact } from '../migrations/migration.js';
import type { Step } from '../migrations/step.js';

/** One statement as the framework sends it. */
export interface SentStatement {
  /** Counts the statements of its direction from 0. */
  readonly index: number;
  readonly text: string;
  /** The file it stands in. */
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  /** What it is made of; one for most. */
  readonly steps: readonly [Step, ...Step[]];
  /** Why it cannot be sent: it holds something that is not SQL. */
  readonly opaque: string | null;
}

/** A direction of a migration with the way it runs. */
export interface SentDirection {
  readonly direction: 'up' | 'down';
  readonly path: string;
  readonly statements: readonly SentStatement[];
  readonly transaction: TransactionFact;
}

/** The up direction as it is sent to a server. */
export function sentUp(migration: Migration): SentDirection {
  return { direction: 'up', path: migration.path, statements: sent(migration.up, migration.path), transaction: migration.transaction };
}

/** The down direction; null where there is none. */
export function sentDown(migration: Migration): SentDirection | null {
  if (typeof migration.down === 'string') return null;
  const path = migration.downPath ?? migration.path;
  return { direction: 'down', path, statements: sent(migration.down, path), transaction: migration.downTransaction ?? migration.transaction };
}

function sent(steps: readonly Step[], path: string): SentStatement[] {
  const found = new Map<number, [Step, ...Step[]]>();
  for (const step of steps) {
    const known = found.get(step.statementIndex);
    if (known === undefined) found.set(step.statementIndex, [step]);
    else known.push(step);
  }
  return [...found].sort(([one], [other]) => one - other).map(([index, all]) => {
    const [first] = all;
    const { statement, span } = first.block ?? { statement: first.statement, span: first.statementSpan };
    const opaque = all.find((step) => step.kind === 'opaque');
    return { index, text: statement, path, line: span.startLine, endLine: span.endLine, steps: all, opaque: opaque?.kind === 'opaque' ? opaque.reason : null };
  });
}
