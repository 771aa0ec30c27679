import type { Framework, TransactionFact } from '../migration.js';
import type { Step } from '../step.js';
import { compareVersions } from './manifests.js';
import type { LineRange } from './sections.js';
import type { Switches } from './switches.js';

/** What decides how a migration runs, beside its framework. */
export interface TransactionClues {
  readonly framework: Framework;
  readonly path: string;
  /** The whole file. */
  readonly text: string;
  readonly steps: readonly Step[];
  /** A switch in the text's section markers, or in the file's name. */
  readonly noTransaction: boolean;
  /** Lines that the framework sends as one string: between StatementBegin and StatementEnd. */
  readonly blocks: readonly LineRange[];
  /** The migration's own configuration file, where it has one: metadata.toml, .sql.conf. */
  readonly configuration: string | null;
  /** The framework's version; `latest` for the newest; null when nothing says. */
  readonly version: string | null;
  readonly switches: Switches;
  /** Liquibase: statements that are sent as one string (splitStatements=false). */
  readonly batches?: readonly Batch[];
}

type Batch = readonly [number, number];

function fact(scope: TransactionFact['scope'], reason: string, switchOff: string | null): TransactionFact {
  return { scope, implicit: false, reason, switchOff: scope === 'none' ? null : switchOff };
}

function isAtLeast(version: string | null, wanted: string): boolean {
  return version !== null && (version === 'latest' || compareVersions(version, wanted) >= 0);
}

function isBefore(version: string | null, wanted: string): boolean {
  return version !== null && version !== 'latest' && compareVersions(version, wanted) < 0;
}

function isConcurrent(step: Step): boolean {
  return (step.kind === 'create-index' || step.kind === 'drop-index' || step.kind === 'reindex' || step.kind === 'detach-partition') && step.concurrently;
}

const OUTSIDE_TAGS = new Set(['CreatedbStmt', 'DropdbStmt', 'CreateTableSpaceStmt', 'DropTableSpaceStmt', 'AlterSystemStmt', 'CreateSubscriptionStmt', 'DropSubscriptionStmt']);

/** Statements that no server runs inside a transaction block. */
function needsNone(step: Step): boolean {
  if (isConcurrent(step) || step.kind === 'vacuum' || step.kind === 'drop-database') return true;
  if (step.kind === 'reindex') return step.scope === 'schema' || step.scope === 'database' || step.scope === 'system';
  return (step.kind === 'cluster' && step.table === null) || (step.kind === 'raw' && OUTSIDE_TAGS.has(step.tag));
}

/** The first step of each statement. */
function statementsOf(steps: readonly Step[]): Step[] {
  return [...new Map(steps.toReversed().map((step) => [step.statementIndex, step])).values()].reverse();
}

/** Batches of more than one statement. */
function several(batches: readonly Batch[]): readonly Batch[] {
  return batches.filter(([first, last]) => last > first);
}

/** A file run outside a transaction whose statements are not all sent one by one. */
function outside(clues: TransactionClues, reason: string, batches: readonly Batch[], switchOff = 'let it hold that one statement only'): TransactionFact {
  const together = several(batches);
  const statements = statementsOf(clues.steps);
  const all = together.length === 1 && together[0]?.[0] === statements[0]?.statementIndex && together[0]?.[1] === statements.at(-1)?.statementIndex;
  if (all) return { scope: 'per-file', implicit: true, reason: `${reason}, but several statements are sent as one string: that is one implicit transaction`, switchOff };
  return { ...fact('none', reason, null), ...(together.length === 0 ? {} : { batches: together }) };
}

/** All statements as one batch. */
function oneString(steps: readonly Step[]): readonly Batch[] {
  const statements = statementsOf(steps);
  const [first] = statements;
  const last = statements.at(-1);
  return first === undefined || last === undefined ? [] : [[first.statementIndex, last.statementIndex]];
}

/** Several statements sent as one string are one implicit transaction; a single one is not. */
function implicit(clues: TransactionClues, words: string, switchOff = 'let it hold that one statement only'): TransactionFact {
  const alone = statementsOf(clues.steps).length <= 1;
  if (alone) return fact('none', `${words}: a single statement is not wrapped`, null);
  return { scope: 'per-file', implicit: true, reason: `${words}: several statements are one implicit transaction`, switchOff };
}

/** What goose and sql-migrate send together: blocks, and statements on one line. */
function lineBatches(clues: TransactionClues): readonly Batch[] {
  const batches: [number, number][] = [];
  let last: Step | null = null;
  const blockOf = (step: Step): number => clues.blocks.findIndex(([begin, end]) => step.statementSpan.startLine >= begin && step.statementSpan.startLine <= end);
  for (const step of statementsOf(clues.steps)) {
    const block = blockOf(step);
    const together = last !== null && (block >= 0 ? block === blockOf(last) : last.statementSpan.endLine === step.statementSpan.startLine);
    const open = batches.at(-1);
    if (together && open !== undefined) open[1] = step.statementIndex;
    else batches.push([step.statementIndex, step.statementIndex]);
    last = step;
  }
  return batches;
}

function perFile(name: string, switchOff: string | null): TransactionFact {
  return fact('per-file', `${name} runs each migration in a transaction`, switchOff);
}

function switched(clues: TransactionClues, name: string, off: boolean, line: string, batches: readonly Batch[] = []): TransactionFact {
  return off ? outside(clues, `the file says so (${line})`, batches) : perFile(name, `add \`${line}\` to the file`);
}

// Flyway looks at the words of a statement, and knows fewer of them than the server refuses.
const FLYWAY_OUTSIDE = /^\s*(?:(?:create|drop)\s+(?:database|tablespace|subscription)|alter\s+system|(?:create|drop)\s+(?:unique\s+)?index\s+concurrently|reindex(?:\s+verbose)?\s+(?:schema|database|system)|vacuum|discard\s+all)\b/i;

function bareStatement(step: Step): string {
  return step.statement.replace(/^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)+/, '');
}

function flyway(clues: TransactionClues): TransactionFact {
  const { switches } = clues;
  const own = /^[ \t]*executeInTransaction[ \t]*=[ \t]*(true|false)/im.exec(clues.configuration ?? '')?.[1]?.toLowerCase();
  if (own === 'false') return fact('none', 'its .conf file says so', null);
  if (own === undefined && switches.noTransaction) return fact('none', 'Flyway is configured with executeInTransaction=false', null);
  const alone = statementsOf(clues.steps).map((step) => FLYWAY_OUTSIDE.test(bareStatement(step)));
  const way = 'put `executeInTransaction=false` into a `.conf` file of the same name beside it';
  if (own === undefined && alone.includes(true)) {
    if (switches.mixed || !alone.includes(false)) return fact('none', 'Flyway sees that a statement cannot run in a transaction', null);
    return fact('per-file', 'Flyway refuses a migration that mixes such statements with others unless `mixed=true`', way);
  }
  return switches.group ? fact('all-pending', 'Flyway is configured to run all pending migrations in one transaction (group=true)', way) : perFile('Flyway', way);
}

/** What Prisma's own parser does not understand keeps the script whole. */
function isUnsplit(step: Step): boolean {
  return (step.kind === 'drop-index' && step.concurrently) || step.kind === 'reindex' || (step.kind === 'detach-partition' && step.concurrently) || step.kind === 'do-block' || step.block !== undefined || step.kind === 'opaque';
}

function prisma(clues: TransactionClues): TransactionFact {
  const splits = isAtLeast(clues.version, '7.8.0') && clues.steps.some((step) => step.kind === 'create-index' && step.concurrently) && !clues.steps.some(isUnsplit);
  if (splits) return fact('none', 'Prisma sends a file with CREATE INDEX CONCURRENTLY statement by statement', null);
  return implicit(clues, 'Prisma sends the file as one string');
}

const SUPABASE_OUTSIDE = /^\s*(?:create\s+(?:unique\s+)?index\s+concurrently|reindex\b[^;]*\bconcurrently|vacuum|alter\s+system|cluster)\b/i;

/**
 * Supabase pipelines the statements: the server commits at once after a CONCURRENTLY that comes first, and refuses it behind
 * another statement. From 2.109 such statements are sent by themselves.
 */
function supabase(clues: TransactionClues): TransactionFact {
  const statements = statementsOf(clues.steps);
  const modern = isAtLeast(clues.version, '2.109.0');
  const alone = (step: Step): boolean => SUPABASE_OUTSIDE.test(bareStatement(step)) || (isAtLeast(clues.version, '2.112.0') && step.kind === 'drop-index' && step.concurrently);
  const batches: [number, number][] = [];
  let open = false;
  for (const step of statements) {
    const separate: boolean = modern ? alone(step) : !open && needsNone(step);
    const batch = batches.at(-1);
    if (open && !separate && batch !== undefined) batch[1] = step.statementIndex;
    else batches.push([step.statementIndex, step.statementIndex]);
    open = !separate;
  }
  const way = 'let it hold that one statement only';
  if (statements.length <= 1) return fact('none', 'Supabase sends the file as one batch: a single statement is not wrapped', null);
  if (batches.length === 1) return { scope: 'per-file', implicit: true, reason: 'Supabase sends the file as one batch: several statements are one implicit transaction', switchOff: way };
  return outside(clues, modern ? 'Supabase sends statements that allow no transaction by themselves' : 'the server commits after each CONCURRENTLY at the head of a batch', batches);
}

function nodePgMigrate(clues: TransactionClues): TransactionFact {
  if (clues.switches.separate) return perFile('node-pg-migrate with --no-single-transaction', null);
  return fact('all-pending', 'node-pg-migrate runs all pending migrations in one transaction', null);
}

/** Directives of atlas count only at the top of the file, an empty line between them and the first statement. */
function atlasMode(text: string): string | null {
  const header = /^(?:(?:--|#)[^\n]*(?:\n|$))+/.exec(text.replaceAll('\r', ''))?.[0];
  if (header === undefined) return null;
  const behind = text.replaceAll('\r', '').slice(header.length);
  if (behind !== '' && !/^[ \t]*\n/.test(behind)) return null;
  return /^[ -~]*atlas:txmode +(\w+)/m.exec(header)?.[1] ?? null;
}

function atlas(clues: TransactionClues): TransactionFact {
  const mode = atlasMode(clues.text);
  if (mode === 'none') return fact('none', 'the file says so (-- atlas:txmode none)', null);
  if (mode === null && clues.switches.noTransaction) return fact('none', 'atlas is run with --tx-mode none', null);
  const way = 'add `-- atlas:txmode none` and an empty line to the top of the file';
  if (clues.switches.group) return fact('all-pending', 'atlas is run with --tx-mode all', null);
  return perFile('atlas', way);
}

function plain(clues: TransactionClues): TransactionFact {
  if (clues.noTransaction) return fact('none', 'the file says so', null);
  if (clues.steps.some((step) => step.kind === 'transaction' && step.action === 'begin')) return fact('none', 'the file opens its own transaction', null);
  const statements = statementsOf(clues.steps);
  if (statements.length <= 1 || statements.some(needsNone)) return fact('none', 'nothing says how these files are run; a single or concurrent statement is taken to run by itself', null);
  return fact('per-file', 'these files may well be run in one', 'have it run outside one');
}

function diesel(clues: TransactionClues): TransactionFact {
  const off = /^[ \t]*run_in_transaction[ \t]*=[ \t]*false/m.test(clues.configuration ?? '');
  if (off && !isBefore(clues.version, '2.0.0')) return outside(clues, 'metadata.toml says so', oneString(clues.steps));
  return perFile('diesel', isBefore(clues.version, '2.0.0') ? null : 'put `run_in_transaction = false` into a `metadata.toml` beside it');
}

function sqlx(clues: TransactionClues): TransactionFact {
  if (isBefore(clues.version, '0.8.0')) return perFile('sqlx before 0.8', null);
  return switched(clues, 'sqlx', clues.text.startsWith('-- no-transaction'), '-- no-transaction', oneString(clues.steps));
}

/** How a migration runs: its framework's habit, its version, and what the file and the configuration say against it. */
export function transactionOf(clues: TransactionClues): TransactionFact {
  switch (clues.framework) {
    case 'goose':
      return switched(clues, 'goose', clues.noTransaction, '-- +goose NO TRANSACTION', lineBatches(clues));
    case 'sql-migrate':
      return switched(clues, 'sql-migrate', clues.noTransaction, '-- +migrate Up notransaction', lineBatches(clues));
    case 'dbmate':
      return switched(clues, 'dbmate', clues.noTransaction, '-- migrate:up transaction:false', oneString(clues.steps));
    case 'tern':
      return switched(clues, 'tern', clues.noTransaction || /^---- tern: disable-tx ----\r?$/m.test(clues.text), '---- tern: disable-tx ----');
    case 'atlas':
      return atlas(clues);
    case 'sqlx':
      return sqlx(clues);
    case 'liquibase':
      return clues.noTransaction ? outside(clues, 'the changeset says so (runInTransaction=false)', clues.batches ?? []) : fact('per-file', 'Liquibase runs each changeset in a transaction', 'give the changeset `runInTransaction="false"`');
    case 'diesel':
      return diesel(clues);
    case 'refinery':
      return perFile('refinery', null);
    case 'flyway':
      return flyway(clues);
    case 'popx':
      return clues.noTransaction ? outside(clues, 'the file name says autocommit', oneString(clues.steps)) : perFile('popx', 'put `.autocommit` into the file name, before `.up.sql`');
    case 'golang-migrate':
      return clues.switches.multiStatement ? fact('none', 'golang-migrate is run with x-multi-statement: each statement is sent by itself', null) : implicit(clues, 'golang-migrate sends the file as one string');
    case 'prisma':
      return prisma(clues);
    case 'drizzle':
      return fact('all-pending', 'Drizzle runs all pending migrations in one transaction', null);
    case 'node-pg-migrate':
      return nodePgMigrate(clues);
    case 'supabase':
      return supabase(clues);
    case 'hasura':
      return perFile('Hasura', null);
    case 'sqitch':
      return fact('none', 'sqitch leaves transactions to the file', null);
    case 'sql':
      return plain(clues);
  }
}
