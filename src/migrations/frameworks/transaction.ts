import type { Framework, TransactionFact } from '../migration.js';
import type { Step } from '../step.js';

/** What decides how a migration runs, beside its framework. */
export interface TransactionClues {
  readonly framework: Framework;
  readonly path: string;
  readonly text: string;
  readonly steps: readonly Step[];
  /** A switch in the text's section markers. */
  readonly noTransaction: boolean;
  /** The migration's own configuration file, where it has one: metadata.toml, .sql.conf. */
  readonly configuration: string | null;
}

function fact(scope: TransactionFact['scope'], reason: string, switchOff: string | null): TransactionFact {
  return { scope, implicit: false, reason, switchOff: scope === 'none' ? null : switchOff };
}

/** Statements that no server runs inside a transaction block. */
function needsNone(step: Step): boolean {
  return (step.kind === 'create-index' || step.kind === 'drop-index' || step.kind === 'reindex' || step.kind === 'detach-partition') && step.concurrently;
}

function statementCount(steps: readonly Step[]): number {
  return new Set(steps.map((step) => step.statementIndex)).size;
}

/** Several statements sent as one string are one implicit transaction; a single one is not. */
function implicit(clues: TransactionClues, words: string): TransactionFact {
  const alone = statementCount(clues.steps) <= 1;
  const known = fact(alone ? 'none' : 'per-file', alone ? `${words}: a single statement is not wrapped` : `${words}: several statements are one implicit transaction`, 'let it hold that one statement only');
  return { ...known, implicit: !alone };
}

function switched(clues: TransactionClues, name: string, pattern: RegExp, switchOff: string): TransactionFact {
  const off = clues.noTransaction || pattern.test(clues.text);
  return off ? fact('none', `the file says so (${switchOff})`, null) : fact('per-file', `${name} runs each migration in a transaction`, `add \`${switchOff}\` to the file`);
}

const NEVER = /(?!)/;

function plain(clues: TransactionClues): TransactionFact {
  const outside = clues.steps.some(needsNone);
  if (outside || statementCount(clues.steps) <= 1) return fact('none', 'nothing says how these files are run; a single or concurrent statement is taken to run by itself', null);
  return fact('per-file', 'these files may well be run in one', 'have it run outside one');
}

/** How a migration runs: its framework's habit, and what the file says against it. */
export function transactionOf(clues: TransactionClues): TransactionFact {
  switch (clues.framework) {
    case 'goose':
      return switched(clues, 'goose', NEVER, '-- +goose NO TRANSACTION');
    case 'sql-migrate':
      return switched(clues, 'sql-migrate', NEVER, '-- +migrate Up notransaction');
    case 'dbmate':
      return switched(clues, 'dbmate', NEVER, '-- migrate:up transaction:false');
    case 'tern':
      return switched(clues, 'tern', /^----\s*tern:\s*disable-tx\s*----/im, '---- tern: disable-tx ----');
    case 'atlas':
      return switched(clues, 'atlas', /^--\s*atlas:txmode\s+none\b/im, '-- atlas:txmode none');
    case 'sqlx':
      return switched(clues, 'sqlx', /^--\s*no-transaction\b/i, '-- no-transaction');
    case 'liquibase':
      return switched(clues, 'Liquibase', /\brunInTransaction:\s*false\b/i, 'runInTransaction:false');
    case 'diesel':
      return /^\s*run_in_transaction\s*=\s*false/m.test(clues.configuration ?? '')
        ? fact('none', 'metadata.toml says so', null)
        : fact('per-file', 'diesel runs each migration in a transaction', 'put `run_in_transaction = false` into a `metadata.toml` beside it');
    case 'flyway':
      if (/^\s*executeInTransaction\s*=\s*false/im.test(clues.configuration ?? '')) return fact('none', 'its .conf file says so', null);
      return clues.steps.some(needsNone)
        ? fact('none', 'Flyway sees that a statement cannot run in a transaction', null)
        : fact('per-file', 'Flyway runs each migration in a transaction', 'Flyway will run that one outside a transaction');
    case 'golang-migrate':
      return /\.autocommit\./.test(clues.path) ? fact('none', 'the file name says autocommit', null) : implicit(clues, 'golang-migrate sends the file as one string');
    case 'prisma':
      return implicit(clues, 'Prisma sends the file as one string');
    case 'drizzle':
      return fact('all-pending', 'Drizzle runs all pending migrations in one transaction', null);
    case 'node-pg-migrate':
      return fact('all-pending', 'node-pg-migrate runs all pending migrations in one transaction', 'run it with `--no-single-transaction` and `pgm.noTransaction()`');
    case 'supabase':
      return implicit(clues, 'Supabase sends the file as one batch');
    case 'hasura':
      return fact('per-file', 'Hasura runs each migration in a transaction', null);
    case 'sqitch':
      return fact('none', 'sqitch leaves transactions to the file', null);
    case 'sql':
      return plain(clues);
  }
}
