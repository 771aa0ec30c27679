import type { LockEffect } from '../../../src/migrations/classify.js';
import type { Observation } from './observe.js';
import type { World } from './open-world.js';

/** In what the model and the server differ: the names of the parts, none when they agree. */
export type Difference = 'locks' | 'rewrite' | 'scan' | 'index' | 'class' | 'missed error' | 'false error';

/**
 * `agrees`; `planned`: they differ only in what is up to the server's planner or to the rows that a query comes across: whether a
 * table is read from end to end, and whether what a row of it would lead to (other tables, sequences, partitions) is locked;
 * `rows`: the server refused because of the rows that are there; `unknown`: it refused what the model cannot know (a name that
 * no statement has made); `differs`.
 */
export type Verdict = 'agrees' | 'planned' | 'rows' | 'unknown' | 'differs';

export interface Outcome {
  /** The statements of the transaction up to this one. */
  readonly statements: readonly string[];
  readonly observed: Observation;
  readonly effect: LockEffect;
  readonly differences: readonly Difference[];
  readonly verdict: Verdict;
}

// SQLSTATE classes that depend on the rows: data, integrity, cardinality, limits; and pending events of deferred triggers.
const BY_ROWS = /^(?:2[1-3]|54|55006)/;

// Relations, types and functions that do not exist, and what this server cannot even read.
const UNKNOWN = new Set(['42P01', '42704', '42883', '42601', '3F000']);

// Statements in which a planner decides how to read, and keys that are checked by a query.
const PLANNED = /^(?:select|insert|update|delete|with|merge|table|create .* as )\b|\breferences\b|\b(?:validate constraint|attach partition)\b/i;

const QUERY = /^(?:select|insert|update|delete|with|merge|table)\b/i;

function same(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}

function sameLocks(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const text = (locks: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(locks).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}

/** `known`: the relations with rows, on which a scan counts, and the indexes that were there. */
function differencesOf(observed: Observation, effect: LockEffect, known: Pick<World, 'withRows' | 'indexes'>): Difference[] {
  if (observed.error !== null) return effect.error === undefined ? ['missed error'] : [];
  if (effect.error !== undefined) return ['false error'];
  const counted = (keys: readonly string[]): string[] => keys.filter((key) => known.withRows.has(key) && !observed.rewrite.includes(key));
  const found: Difference[] = [];
  if (!sameLocks(observed.locks, effect.locks)) found.push('locks');
  if (!same(observed.rewrite, effect.rewrite)) found.push('rewrite');
  if (!same(counted(observed.scan), counted(effect.scan))) found.push('scan');
  if (observed.rewrite.length === 0 && !same(observed.indexRebuild, effect.indexRebuild.filter((key) => known.indexes.has(key)))) found.push('index');
  if (observed.class !== effect.class) found.push('class');
  return found;
}

const ROWS = new Set(['AccessShareLock', 'RowShareLock', 'RowExclusiveLock']);

/** Whether the server left out some of the weak locks that the model expects, and took no other. */
function takesFewer(observed: Observation, effect: LockEffect): boolean {
  return Object.entries(observed.locks).every(([key, mode]) => ROWS.has(mode) && key in effect.locks && [...ROWS].indexOf(mode) <= [...ROWS].indexOf(effect.locks[key] ?? '')) && Object.values(effect.locks).every((mode) => ROWS.has(mode));
}

function verdictOf(statement: string, observed: Observation, effect: LockEffect, differences: readonly Difference[]): Verdict {
  if (differences.length === 0) return 'agrees';
  if (observed.error !== null && BY_ROWS.test(observed.error.code)) return 'rows';
  if (observed.error !== null && UNKNOWN.has(observed.error.code)) return 'unknown';
  const text = statement.replace(/^\/\*.*?\*\/\s*|^do \S+ begin (?:execute format\(')?/, '');
  if (!PLANNED.test(text)) return 'differs';
  const reading = differences.every((each) => each === 'scan' || each === 'class');
  const fewer = QUERY.test(text) && differences.every((each) => each === 'scan' || each === 'class' || each === 'locks') && takesFewer(observed, effect);
  return reading || fewer ? 'planned' : 'differs';
}

/** Runs a transaction on the server and in the model: one outcome for each statement up to the first that the server refuses. */
export async function compareTransaction(world: World, statements: readonly string[]): Promise<readonly Outcome[]> {
  const observed = await world.observe(statements);
  const effects = world.model.transaction(statements);
  return observed.flatMap((one, index) => {
    const effect = effects[index];
    if (effect === undefined) return [];
    const differences = differencesOf(one, effect, world);
    return [{ statements: statements.slice(0, index + 1), observed: one, effect, differences, verdict: verdictOf(statements[index] ?? '', one, effect, differences) }];
  });
}

const SHORT: Readonly<Record<string, string>> = { AccessShareLock: 'AS', RowShareLock: 'RS', RowExclusiveLock: 'RX', ShareUpdateExclusiveLock: 'SUX', ShareLock: 'S', ShareRowExclusiveLock: 'SRX', ExclusiveLock: 'X', AccessExclusiveLock: 'AX' };

function line(what: Observation | LockEffect): string {
  const error = what.error === undefined || what.error === null ? [] : [`refused (${typeof what.error === 'string' ? what.error : what.error.message})`];
  const locks = Object.entries(what.locks).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, mode]) => `${key}:${SHORT[mode] ?? mode}`);
  const work = [...what.rewrite.map((key) => `rewrites ${key}`), ...what.scan.map((key) => `scans ${key}`), ...what.indexRebuild.map((key) => `rebuilds ${key}`)];
  return [...error, ...locks, ...work, what.class].join(' ');
}

/** A difference as people read it. */
export function describeOutcome(outcome: Outcome): string {
  return `[${outcome.differences.join(', ')}] ${outcome.statements.join('; ')}\n    server ${line(outcome.observed)}\n    model  ${line(outcome.effect)}`;
}
