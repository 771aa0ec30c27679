import type { Engine, Refusal } from './engine.js';
import { compareMoments, readMoment, readRelations, rewrittenBetween, type Moment, type Observation, type Relations } from './observe.js';
import { openTransactions, type Transactions } from './transactions.js';
import type { LeftOut } from './left-out.js';
import type { SentDirection, SentStatement } from './sent-statements.js';

/** A statement as it ran. */
export interface RanStatement {
  readonly sent: SentStatement;
  /** null where it ran outside every transaction, where locks cannot be watched, and where it did not run. */
  readonly observation: Observation | null;
  /** For one that ran outside: what it has written anew. */
  readonly rewrittenOutside: readonly string[];
  readonly refusal: Refusal | null;
  /** Why it was not sent. */
  readonly leftOut: LeftOut | null;
  readonly milliseconds: number | null;
  readonly inTransaction: boolean;
}

export interface RanDirection {
  readonly statements: readonly RanStatement[];
  /** The statement that the server refused: the run ended there. */
  readonly failed: { readonly sent: SentStatement; readonly refusal: Refusal } | null;
}

export interface RunOptions {
  /** The relations that others use; null: nothing is observed. */
  readonly existing: Relations | null;
  /** Why a statement is not sent; null for one that is. */
  readonly leaveOut: (statement: SentStatement) => LeftOut | null;
  /** Puts right what the server misses and a real one has (a role); whether it is worth another try. */
  readonly mend: (refusal: Refusal) => Promise<boolean>;
  /** Told of each statement before it is sent. */
  readonly at?: (statement: SentStatement) => void;
  /** What each ran as, as soon as it is known: a lost engine leaves what was seen. */
  readonly ran?: (statement: RanStatement) => void;
}

// The server's words for what cannot run where a transaction is open.
const OUTSIDE_ONLY = new Set(['25001', '2D000']);

const DATA = new Set(['insert', 'update', 'delete', 'merge', 'select']);

/** On a handful of rows a planner reads whole tables; on real ones it takes the index, where there is one. */
function isPlanned({ steps }: SentStatement): boolean {
  return steps.every((step) => DATA.has(step.kind) && step.block === undefined);
}

// They take no lock, and some of them must come before every query of their transaction, ours included.
const SESSION_WORDS = /^\s*(?:set|reset|begin|start|commit|end|rollback|abort|savepoint|release)\b/i;

interface Attempt {
  readonly refusal: Refusal | null;
  readonly milliseconds: number;
}

async function timed(engine: Engine, text: string): Promise<Attempt> {
  const start = performance.now();
  const refusal = await engine.attempt(text);
  return { refusal, milliseconds: Math.round((performance.now() - start) * 10) / 10 };
}

const NOTHING: Moment = { relations: new Map(), locks: new Map() };

interface Walk {
  readonly engine: Engine;
  readonly options: RunOptions;
  readonly transactions: Transactions;
  /** The last moment of the open transaction. */
  moment: Moment | null;
}

function ran(sent: SentStatement, of: Partial<RanStatement>): RanStatement {
  return { sent, observation: null, rewrittenOutside: [], refusal: null, leftOut: null, milliseconds: null, inTransaction: false, ...of };
}

/** One statement inside the open transaction. */
async function runInside(walk: Walk, sent: SentStatement): Promise<RanStatement> {
  const { engine, options } = walk;
  if (options.existing !== null && SESSION_WORDS.test(sent.text)) {
    const { refusal, milliseconds } = await timed(engine, sent.text);
    const moment = walk.moment ?? NOTHING;
    return ran(sent, { refusal, milliseconds, inTransaction: true, observation: refusal === null ? compareMoments(sent.text, options.existing, moment, moment) : null });
  }
  const planned = options.existing !== null && isPlanned(sent);
  const before = options.existing === null ? null : (walk.moment ??= await readMoment(engine));
  if (planned) await engine.attempt('set local enable_seqscan = off; set local enable_indexonlyscan = off');
  const { refusal, milliseconds } = await timed(engine, sent.text);
  if (refusal !== null) return ran(sent, { refusal, milliseconds, inTransaction: true });
  if (planned) await engine.attempt('set local enable_seqscan = on; set local enable_indexonlyscan = on');
  if (before === null || options.existing === null) return ran(sent, { milliseconds, inTransaction: true });
  walk.moment = await readMoment(engine);
  return ran(sent, { observation: compareMoments(sent.text, options.existing, before, walk.moment), milliseconds, inTransaction: true });
}

async function runOutside(walk: Walk, sent: SentStatement): Promise<RanStatement> {
  const { engine, options } = walk;
  const before = options.existing === null ? null : await readRelations(engine);
  const { refusal, milliseconds } = await timed(engine, sent.text);
  if (refusal !== null || before === null) return ran(sent, { refusal, milliseconds });
  return ran(sent, { rewrittenOutside: rewrittenBetween(before, await readRelations(engine)), milliseconds });
}

/** Whether a statement means nothing, or something else, in a transaction that is opened for it alone. */
function needsNoTransaction({ steps }: SentStatement): boolean {
  return steps.some((step) => step.block === undefined && (step.kind === 'transaction' || step.kind === 'lock-table'));
}

/** A statement by itself: in a transaction of its own, where it can be watched, unless the server wants it outside of any. */
async function runAlone(walk: Walk, sent: SentStatement): Promise<RanStatement> {
  const { engine, options } = walk;
  if (options.existing === null || needsNoTransaction(sent)) return runOutside(walk, sent);
  await engine.attempt('begin');
  walk.moment = null;
  const inside = await runInside(walk, sent);
  walk.moment = null;
  if (inside.refusal === null) {
    const refusal = await engine.attempt('commit');
    return refusal === null ? { ...inside, inTransaction: false } : ran(sent, { refusal, milliseconds: inside.milliseconds });
  }
  await engine.attempt('rollback');
  return OUTSIDE_ONLY.has(inside.refusal.code) ? runOutside(walk, sent) : { ...inside, inTransaction: false };
}

async function runOne(walk: Walk, sent: SentStatement): Promise<RanStatement> {
  const inside = walk.transactions.isOpen();
  const first = inside ? await runInside(walk, sent) : await runAlone(walk, sent);
  if (first.refusal === null || inside || !(await walk.options.mend(first.refusal))) return first;
  return runAlone(walk, sent);
}

/** What was written into the transaction is only lost when it is rolled back: a second try needs a savepoint. */
async function runMended(walk: Walk, sent: SentStatement): Promise<RanStatement> {
  if (!walk.transactions.isOpen() || !mayMiss(sent)) return runOne(walk, sent);
  await walk.engine.attempt('savepoint belay_mend');
  const first = await runInside(walk, sent);
  if (first.refusal === null) return first;
  await walk.engine.attempt('rollback to savepoint belay_mend');
  walk.moment = null;
  return (await walk.options.mend(first.refusal)) ? runInside(walk, sent) : first;
}

/** Statements that name roles, which belong to no migration. */
function mayMiss({ text }: SentStatement): boolean {
  return /\b(?:grant|revoke|owner|role|to|authorization|policy|privileges)\b/i.test(text) && /^\s*(?:grant|revoke|alter|create\s+(?:policy|schema|database)|set|do)\b/i.test(text);
}

/**
 * Runs a direction as its framework does, statement by statement, and ends it: committed, or rolled back where the server
 * refused a statement. Only what scope `none` had committed by then stays.
 */
export async function runDirection(engine: Engine, direction: SentDirection, options: RunOptions): Promise<RanDirection> {
  const transactions = openTransactions(engine, direction.transaction);
  const walk: Walk = { engine, options, transactions, moment: null };
  const statements: RanStatement[] = [];
  const tell = (one: RanStatement): void => {
    statements.push(one);
    options.ran?.(one);
  };
  await transactions.start();
  for (const sent of direction.statements) {
    options.at?.(sent);
    const leftOut = options.leaveOut(sent);
    if (leftOut !== null) {
      tell(ran(sent, { leftOut }));
      continue;
    }
    if (await transactions.enter(sent)) walk.moment = null;
    const one = await runMended(walk, sent);
    tell(one);
    if (one.refusal !== null) {
      await transactions.abandon();
      return { statements, failed: { sent, refusal: one.refusal } };
    }
    if (await transactions.leave(sent)) walk.moment = null;
  }
  const refusal = await transactions.end();
  const last = direction.statements.at(-1);
  return { statements, failed: refusal === null || last === undefined ? null : { sent: last, refusal } };
}
