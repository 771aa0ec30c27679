import type { Engine, Refusal } from './engine.js';
import { openTransactions } from './transactions.js';
import type { LeftOut } from './left-out.js';
import type { SentDirection, SentStatement } from './sent-statements.js';

/** What of a migration did not run while the history was replayed. */
export interface ReplayGap {
  readonly sent: SentStatement;
  /** null: it was not sent. */
  readonly refusal: Refusal | null;
  readonly leftOut: LeftOut | null;
}

export interface ReplayOptions {
  readonly leaveOut: (statement: SentStatement) => LeftOut | null;
  readonly mend: (refusal: Refusal) => Promise<boolean>;
}

// What production's server allowed, or an older one: it runs outside the transaction that our reading of the framework says.
const OUTSIDE_ONLY = new Set(['25001', '2D000', '55P04']);

function isControl({ steps: [step] }: SentStatement): boolean {
  return step.kind === 'transaction' && step.block === undefined;
}

/** One string, where the file has no transactions of its own: nothing of it stays when it fails. */
async function replayWhole(engine: Engine, { statements, transaction }: SentDirection): Promise<boolean> {
  const text = statements.map((statement) => statement.text).join('\n;\n');
  if (transaction.implicit) return (await engine.attempt(text)) === null;
  await engine.attempt('begin');
  const refusal = (await engine.attempt(text)) ?? (await engine.attempt('commit'));
  if (refusal !== null) await engine.attempt('rollback');
  return refusal === null;
}

/** One by one, past those that the server refuses. */
async function replayEach(engine: Engine, direction: SentDirection, options: ReplayOptions): Promise<readonly ReplayGap[]> {
  const gaps: ReplayGap[] = [];
  const transactions = openTransactions(engine, direction.transaction);
  await transactions.start();
  for (const sent of direction.statements) {
    const leftOut = options.leaveOut(sent);
    if (leftOut !== null) {
      gaps.push({ sent, refusal: null, leftOut });
      continue;
    }
    await transactions.enter(sent);
    const refusal = transactions.isOpen() && !isControl(sent) ? await attemptInside(engine, sent, options) : await attemptMended(engine, sent, options);
    if (refusal !== null) gaps.push({ sent, refusal, leftOut: null });
    await transactions.leave(sent);
  }
  const refusal = await transactions.end();
  const last = direction.statements.at(-1);
  return refusal === null || last === undefined ? gaps : [...gaps, { sent: last, refusal, leftOut: null }];
}

async function attemptMended(engine: Engine, sent: SentStatement, options: ReplayOptions): Promise<Refusal | null> {
  const refusal = await engine.attempt(sent.text);
  return refusal !== null && (await options.mend(refusal)) ? engine.attempt(sent.text) : refusal;
}

async function attemptInside(engine: Engine, sent: SentStatement, options: ReplayOptions): Promise<Refusal | null> {
  await engine.attempt('savepoint belay_replay');
  const refusal = await engine.attempt(sent.text);
  if (refusal === null) {
    await engine.attempt('release savepoint belay_replay');
    return null;
  }
  await engine.attempt('rollback to savepoint belay_replay');
  if (await options.mend(refusal)) return attemptMended(engine, sent, options);
  if (!OUTSIDE_ONLY.has(refusal.code)) return refusal;
  await engine.attempt('commit');
  const outside = await engine.attempt(sent.text);
  await engine.attempt('begin');
  return outside;
}

/**
 * Runs a migration of the history. Where it does not run as a whole, its statements run one by one and those that the server
 * refuses are left out and told.
 */
export async function replayMigration(engine: Engine, direction: SentDirection, options: ReplayOptions): Promise<readonly ReplayGap[]> {
  const { statements, transaction } = direction;
  if (statements.length === 0) return [];
  const whole = transaction.scope !== 'none' && !statements.some((statement) => isControl(statement) || options.leaveOut(statement) !== null);
  const gaps = whole && (await replayWhole(engine, direction)) ? [] : await replayEach(engine, direction, options);
  await freshSession(engine);
  return gaps;
}

/** The next migration comes in a session of its own. */
export async function freshSession(engine: Engine): Promise<void> {
  await engine.attempt('rollback');
  await engine.attempt('discard all');
  await engine.attempt("set timezone = 'UTC'");
}
