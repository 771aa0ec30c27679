import type { ProofCache } from '../core/proof-cache.js';
import type { MigrationProof, ProofReport, ProofServer } from '../core/proof-report.js';
import { loadSql } from '../languages/sql.js';
import type { Migration } from '../migrations/migration.js';
import type { ProofQuestion } from '../migrations/proof-question.js';
import { classifyChanged } from './classified.js';
import { EngineLost, DEFAULT_ENGINE_LIMITS, type Engine, type EngineLimits, type OpenEngine } from './engine.js';
import { availableExtensions, extensionsAskedFor } from './engine/extensions.js';
import { leftOutBy } from './left-out.js';
import { proveHistory } from './prove-history.js';
import { unprovenMigration } from './prove-migration.js';
import { sentDown, sentUp } from './sent-statements.js';

export interface ProveOptions {
  readonly open: OpenEngine;
  /** Where replayed histories are kept; null: nowhere. */
  readonly cache: ProofCache | null;
  readonly limits?: EngineLimits;
  readonly signal: AbortSignal;
  /** Told in words what is being done. */
  readonly progress?: (text: string) => void;
}

const NOWHERE: ProofServer = { version: '', kind: 'pglite' };

function textsOf(migration: Migration): readonly string[] {
  return [...sentUp(migration).statements, ...(sentDown(migration)?.statements ?? [])].map(({ text }) => text);
}

/**
 * Runs the changed migrations on a throw-away database: the history replayed, then each up, down and up again. What could
 * not be shown is `unproven` with the reason; nothing of a migration makes this throw.
 */
export async function prove(question: ProofQuestion, options: ProveOptions): Promise<ProofReport> {
  await loadSql();
  const texts = [...question.history, ...question.changed].flatMap(textsOf);
  const { load, stub } = extensionsAskedFor(texts);
  const limits = options.limits ?? DEFAULT_ENGINE_LIMITS;
  let engine: Engine;
  try {
    engine = await options.open({ limits, extensions: load, signal: options.signal });
  } catch (error) {
    if (!(error instanceof EngineLost)) throw error;
    return nothingShown(question, NOWHERE, error.message);
  }
  try {
    // A server that was given has extensions of its own.
    const missing = engine.server.kind === 'pglite' ? stub : extensionsAskedFor(texts, await availableExtensions(engine)).stub;
    return await proveOn(engine, question, options, load, new Set(missing));
  } catch (error) {
    if (!(error instanceof EngineLost)) throw error;
    return nothingShown(question, engine.server, error.message);
  } finally {
    await engine.close();
  }
}

function nothingShown(question: ProofQuestion, server: ProofServer, reason: string): ProofReport {
  return { schemaVersion: 1, server, migrations: question.changed.map((migration) => unprovenMigration(migration, reason)), base: [], notes: [], disagreements: [] };
}

async function proveOn(engine: Engine, question: ProofQuestion, options: ProveOptions, extensions: readonly string[], stubbed: ReadonlySet<string>): Promise<ProofReport> {
  const notes = new Set([...stubbed].map((name) => `the extension ${name} is not there and was left out`));
  if (question.target.version !== engine.major) notes.add(`run on Postgres ${engine.server.version}; of statements that do otherwise on ${String(question.target.version)} the known effect is told`);
  const server = classifyChanged(question, engine.major);
  const context = {
    engine,
    question,
    cache: options.cache,
    extensions,
    target: question.target.version === engine.major ? server : classifyChanged(question, question.target.version),
    server,
    leaveOut: leftOutBy(stubbed, engine.server.kind),
    note: (text: string): void => void notes.add(text),
    progress: options.progress ?? ((): void => undefined),
  };
  const migrations: MigrationProof[] = [];
  const base: ProofReport['base'][number][] = [];
  const disagreements: ProofReport['disagreements'][number][] = [];
  let lost: string | null = null;
  for (const [index, history] of [...new Set(question.changed.map((migration) => migration.history))].entries()) {
    const one = await proveHistory(context, history, { fresh: index === 0, lost });
    migrations.push(...one.migrations);
    base.push(...one.base);
    disagreements.push(...one.disagreements);
    ({ lost } = one);
  }
  return { schemaVersion: 1, server: engine.server, migrations, base, notes: [...notes], disagreements };
}
