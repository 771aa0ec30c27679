import type { LockEffect } from '../../../src/migrations/classify.js';
import type { Observation } from './observe.js';

/** In what the model and the server differ: the names of the parts, none when they agree. */
export type Difference = 'locks' | 'rewrite' | 'scan' | 'index' | 'class' | 'missed error' | 'false error';

// Rows decide: no model of the schema can know these.
const BY_ROWS = /^(22|23|54|21)/;

/** Whether only the rows made the server refuse a statement, so that the model is right to say what happens on others. */
export function refusedByRows(observed: Observation): boolean {
  return observed.error !== null && BY_ROWS.test(observed.error.code);
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}

function sameLocks(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const text = (locks: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(locks).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}

/** Compares what a statement did with what the model says. `known`: the relations with rows, on which a scan counts, and the indexes that were there. */
export function differences(observed: Observation, effect: LockEffect, known: { readonly withRows: ReadonlySet<string>; readonly indexes: ReadonlySet<string> }): Difference[] {
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
