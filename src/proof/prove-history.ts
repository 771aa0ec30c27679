import type { ProofCache } from '../core/proof-cache.js';
import type { MigrationProof, ProofReport, ReplayProblem } from '../core/proof-report.js';
import { EMPTY_CATALOG, type Catalog } from '../migrations/catalog.js';
import type { Migration } from '../migrations/migration.js';
import type { ProofQuestion } from '../migrations/proof-question.js';
import { replay } from '../migrations/replay.js';
import type { Classified } from './classified.js';
import { EngineLost, type Engine, type SavedDatabase } from './engine.js';
import type { LeftOut } from './left-out.js';
import { rolesMadeFor } from './mend.js';
import { readRelations } from './observe.js';
import { proveMigration, unprovenMigration, type Ground } from './prove-migration.js';
import { replayHistory, type ReplayedHistory } from './replay-history.js';
import { freshSession, replayMigration } from './replay-migration.js';
import { buildFromCatalog, standInFor } from './stand-in.js';
import { sentUp, type SentStatement } from './sent-statements.js';

/** All that the proof of one history shares with the others'. */
export interface ProofContext {
  readonly engine: Engine;
  readonly question: ProofQuestion;
  readonly cache: ProofCache | null;
  readonly extensions: readonly string[];
  readonly target: ReadonlyMap<Migration, Classified>;
  readonly server: ReadonlyMap<Migration, Classified>;
  readonly leaveOut: (statement: SentStatement) => LeftOut | null;
  readonly note: (text: string) => void;
  readonly progress: (text: string) => void;
}

interface HistoryProof {
  readonly migrations: readonly MigrationProof[];
  readonly base: readonly ReplayProblem[];
  readonly disagreements: ProofReport['disagreements'];
  /** Why the engine is gone; null while it is there. */
  readonly lost: string | null;
}

/** Whether its tool runs it: what lies beside diesel's folders (a script that somebody runs by hand) is no part of a database's history. */
function isRun({ framework, path }: Migration): boolean {
  return framework !== 'diesel' || /(?:^|\/)up\.sql$/.test(path);
}

/** A history in the order it runs, up to its last changed migration. */
function inOrder({ history, changed, settled }: ProofQuestion, name: string): readonly Migration[] {
  const all = [...history.filter(isRun), ...changed].filter((migration) => migration.history === name);
  const sorted = settled ? all.sort((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0)) : all;
  return sorted.slice(0, sorted.findLastIndex((migration) => changed.includes(migration)) + 1);
}

/** Problems of a base that are told one by one. */
const MOST_PROBLEMS = 20;

function tell(context: ProofContext, { problems, leftOut }: ReplayedHistory): readonly ReplayProblem[] {
  for (const { path, line, reason } of leftOut.slice(0, MOST_PROBLEMS)) context.note(`${path}:${String(line)} was left out: ${reason}`);
  if (problems.length > MOST_PROBLEMS) context.note(`${String(problems.length - MOST_PROBLEMS)} more migrations of the history did not run whole`);
  return problems.slice(0, MOST_PROBLEMS);
}

/** Everything that is walked with through one history. */
interface Walk {
  readonly context: ProofContext;
  readonly start: Catalog | undefined;
  readonly base: readonly Migration[];
  readonly saved: SavedDatabase | null;
  readonly built: boolean;
  readonly mend: Ground['mend'];
  /** Whether the base is not all there. */
  readonly broken: boolean;
  /** Migrations behind the base that were run. */
  readonly done: Migration[];
}

interface Base extends ReplayedHistory {
  /** Whether it was put together from a schema dump instead of being replayed. */
  readonly built: boolean;
}

async function replayBase(context: ProofContext, base: readonly Migration[], start: Catalog | undefined, mend: Ground['mend']): Promise<Base> {
  const { engine, cache, extensions, leaveOut, progress, note } = context;
  const replayed = await replayHistory({ engine, cache, extensions, options: { leaveOut, mend }, progress }, base.map(sentUp));
  if (start === undefined || (replayed.problems.length === 0 && base.length > 0)) return { ...replayed, built: false };
  // The history begins on something that no migration made.
  note('the database was built from the schema dump of the repository');
  await engine.restore(null);
  await freshSession(engine);
  const left = await buildFromCatalog(engine, replay(base, start));
  if (left > 0) note(`${String(left)} objects of the schema dump could not be built`);
  await freshSession(engine);
  return { problems: [], leftOut: [], saved: null, built: true };
}

/** The database before the next migration again, nothing in it but what migrations put there. */
async function rebuild(walk: Walk): Promise<void> {
  const { context, saved, built, base, start, mend, done } = walk;
  const { engine, leaveOut } = context;
  await engine.restore(saved);
  await freshSession(engine);
  if (built && start !== undefined) await buildFromCatalog(engine, replay(base, start));
  for (const migration of [...(saved === null && !built ? base : []), ...done]) await replayMigration(engine, sentUp(migration), { leaveOut, mend });
}

async function proveOne(walk: Walk, migration: Migration, inUse: ReadonlySet<string> | null): ReturnType<typeof proveMigration> {
  const { context } = walk;
  const target = context.target.get(migration);
  const shape = target?.before ?? EMPTY_CATALOG;
  const keys = [...(target?.touched ?? [])];
  const stoodIn = walk.broken ? await standInFor(context.engine, shape, keys) : [];
  const ground: Ground = {
    engine: context.engine,
    baseCode: context.question.baseCode,
    target,
    server: context.server.get(migration),
    shape,
    inUse: stoodIn.length > 0 ? null : inUse,
    leaveOut: context.leaveOut,
    mend: walk.mend,
    rebuild: async () => {
      await rebuild(walk);
      if (walk.broken) await standInFor(context.engine, shape, keys);
    },
  };
  const proved = await proveMigration(ground, migration);
  if (stoodIn.length === 0) return proved;
  const reason = [proved.proof.reason, `the history did not replay: ${stoodIn.join(', ')} stood in for as the migrations describe it`].filter((part) => part !== undefined).join('; ');
  return { ...proved, proof: { ...proved.proof, reason } };
}

/** Replays a history and proves its changed migrations. `fresh`: nothing was done in the engine yet. */
export async function proveHistory(context: ProofContext, name: string, { fresh, lost: before }: { readonly fresh: boolean; readonly lost: string | null }): Promise<HistoryProof> {
  const { engine, question } = context;
  const all = inOrder(question, name);
  const changed = all.filter((migration) => question.changed.includes(migration));
  const unproven = (reason: string, from: readonly Migration[]): readonly MigrationProof[] => from.map((migration) => unprovenMigration(migration, reason));
  if (before !== null) return { migrations: unproven(before, changed), base: [], disagreements: [], lost: before };
  const first = all.findIndex((migration) => question.changed.includes(migration));
  const [base, rest] = [all.slice(0, first), all.slice(first)];
  const start = question.starts.get(name);
  const mend = rolesMadeFor(engine, context.note);
  try {
    if (!fresh) await engine.restore(null);
    const replayed = await replayBase(context, base, start, mend);
    const problems = tell(context, replayed);
    const walk: Walk = { context, start, base, saved: replayed.saved, built: replayed.built, mend, broken: problems.length > 0 || replayed.leftOut.length > 0 || start !== undefined, done: [] };
    return { base: problems, ...(await proveRest(walk, rest)) };
  } catch (error) {
    if (!(error instanceof EngineLost)) throw error;
    return { migrations: unproven(`${error.message}, while the history was replayed`, changed), base: [], disagreements: [], lost: error.message };
  }
}

async function proveRest(walk: Walk, rest: readonly Migration[]): Promise<Omit<HistoryProof, 'base'>> {
  const { context, done } = walk;
  const { engine, question } = context;
  const inUse = question.settled ? null : new Set((await readRelations(engine)).keys());
  const migrations: MigrationProof[] = [];
  const disagreements: ProofReport['disagreements'][number][] = [];
  let lost: string | null = null;
  let isWhole = true;
  const changed = new Set(question.changed);
  for (const [index, migration] of rest.entries()) {
    if (lost !== null) {
      if (changed.has(migration)) migrations.push(unprovenMigration(migration, lost));
      continue;
    }
    try {
      if (!isWhole) await rebuild(walk);
      isWhole = true;
      if (!changed.has(migration)) {
        await replayMigration(engine, sentUp(migration), { leaveOut: context.leaveOut, mend: walk.mend });
        done.push(migration);
        continue;
      }
      context.progress(`proving ${migration.path}`);
      const one = await proveOne(walk, migration, inUse);
      migrations.push(one.proof);
      disagreements.push(...one.disagreements);
      ({ lost } = one);
      done.push(migration);
      isWhole = one.isAfterUp || index === rest.length - 1;
    } catch (error) {
      if (!(error instanceof EngineLost)) throw error;
      lost = error.message;
      if (changed.has(migration)) migrations.push(unprovenMigration(migration, lost));
    }
  }
  return { migrations, disagreements, lost };
}
