import type { ProofCache } from '../core/proof-cache.js';
import type { ReplayProblem } from '../core/proof-report.js';
import type { Engine, SavedDatabase } from './engine.js';
import { EngineLost } from './engine.js';
import { historyKeys } from './history-key.js';
import { freshSession, replayMigration, type ReplayGap, type ReplayOptions } from './replay-migration.js';
import type { SentDirection } from './sent-statements.js';

/** What of a history did not become part of the database. */
export interface ReplayLoss {
  readonly problems: readonly ReplayProblem[];
  /** Statements that were not sent, with the reason. */
  readonly leftOut: readonly { readonly path: string; readonly line: number; readonly reason: string }[];
}

export interface ReplayedHistory extends ReplayLoss {
  /** The database as the history left it; null where replaying it again is as quick. */
  readonly saved: SavedDatabase | null;
}

interface Replay {
  readonly engine: Engine;
  readonly cache: ProofCache | null;
  readonly extensions: readonly string[];
  readonly options: ReplayOptions;
  readonly progress: (text: string) => void;
}

/** Below this many milliseconds replaying again costs less than keeping the result. */
const WORTH_KEEPING = 400;

/** Keys that are looked up: who changes older migrations than these replays them all. */
const MOST_KEYS = 500;

/** Replays a history in an empty database, what is known of it taken from the cache. */
export async function replayHistory(replay: Replay, history: readonly SentDirection[]): Promise<ReplayedHistory> {
  const { engine, cache, extensions } = replay;
  const keys = historyKeys(engine.server, extensions, history);
  const known = await fromCache(replay, keys);
  let loss: ReplayLoss = known?.loss ?? { problems: [], leftOut: [] };
  if (known === null) await freshSession(engine);
  const start = performance.now();
  for (const [index, direction] of history.entries()) {
    if (index < (known?.count ?? 0)) continue;
    if (index % 20 === 0) replay.progress(`replaying ${String(index + 1)} of ${String(history.length)} migrations`);
    loss = withGaps(loss, await replayMigration(engine, direction, replay.options));
  }
  const isWhole = known?.count === history.length;
  if (isWhole || performance.now() - start < WORTH_KEEPING) return { ...loss, saved: isWhole ? known.saved : null };
  const saved = await engine.save();
  const key = keys.at(-1);
  if (cache !== null && key !== undefined && saved.bytes !== null) await cache.write(key, packed(loss, saved.bytes));
  return { ...loss, saved };
}

function withGaps(loss: ReplayLoss, gaps: readonly ReplayGap[]): ReplayLoss {
  // The first refusal of a migration is told: the others follow from it more often than not.
  const refused = gaps.find((gap) => gap.refusal !== null);
  const { sent, refusal } = refused ?? { sent: null, refusal: null };
  const leftOut = gaps.flatMap((gap) => (gap.leftOut === null ? [] : [{ path: gap.sent.path, line: gap.sent.line, reason: gap.leftOut.reason }]));
  const problems = sent === null || refusal === null ? [] : [{ path: sent.path, line: sent.line, statement: sent.text, error: `${refusal.message} (${refusal.code})` }];
  return { problems: [...loss.problems, ...problems], leftOut: [...loss.leftOut, ...leftOut] };
}

interface Known {
  readonly count: number;
  readonly loss: ReplayLoss;
  readonly saved: SavedDatabase;
}

/** The longest part of the history that was kept, opened; null where there is none or it does not open. */
async function fromCache({ engine, cache, progress }: Replay, keys: readonly string[]): Promise<Known | null> {
  if (cache === null || keys.length === 0 || engine.server.kind !== 'pglite') return null;
  const found = await cache.read(keys.slice(-MOST_KEYS).reverse());
  const content = found === null ? null : unpacked(found.bytes);
  if (found === null || content === null) return null;
  progress('opening the replayed history');
  const saved = { kind: engine.server.kind, bytes: content.bytes, name: null };
  try {
    await engine.restore(saved);
    await freshSession(engine);
  } catch (error) {
    if (error instanceof EngineLost) throw error;
    await engine.restore(null);
    return null;
  }
  return { count: keys.indexOf(found.key) + 1, loss: content.loss, saved };
}

function packed(loss: ReplayLoss, bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(JSON.stringify(loss));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, bytes]);
}

function unpacked(all: Uint8Array): { readonly loss: ReplayLoss; readonly bytes: Uint8Array } | null {
  try {
    const buffer = Buffer.from(all.buffer, all.byteOffset, all.byteLength);
    const end = 4 + buffer.readUInt32BE();
    return { loss: JSON.parse(buffer.subarray(4, end).toString()) as ReplayLoss, bytes: buffer.subarray(end) };
  } catch {
    return null;
  }
}
