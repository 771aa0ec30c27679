import type { Change, LineRange } from '../core/change-set.js';
import type { ObjectChange } from '../core/history.js';
import { diffTexts } from '../core/hunks.js';
import { mergeTexts } from '../core/three-way.js';

/** Where a revert is not the plain inverse of what it names. */
export interface RevertDifference {
  readonly path: string;
  /** `also`: it changes what the original did not; `left`: it does not undo it here; `otherwise`: it undoes it in another way. */
  readonly what: 'also' | 'left' | 'otherwise';
  /** Lines of the head's version that differ from the plain inverse. */
  readonly lines: readonly LineRange[];
}

/** What a pull request says it undoes, and whether it does exactly that. */
export interface RevertFact {
  /** The commits, in full where they were found, or `#12`. */
  readonly of: readonly string[];
  /** Whether the pull request as a whole claims to be a revert. */
  readonly claimed: boolean;
  /** null where what it names was not found in what was merged, or could not be compared. */
  readonly exact: boolean | null;
  /** Where it is not the plain inverse; empty unless `exact` is false. */
  readonly differences: readonly RevertDifference[];
}

/** Marks a file whose inverse nobody can compute: the original's lines were changed again since. */
const CONFLICT = Symbol('conflict');
type Expected = string | null | typeof CONFLICT;

/**
 * Where `changes` differ from undoing `originals` one after the other, the first first, on top of the base: each file as `git revert`
 * would leave it. `baseText` gives a file's text at the merge base. Empty means: exactly the inverse.
 */
export function revertDifferences(changes: readonly Change[], originals: readonly (readonly Change[])[], baseText: (path: string) => string | null): readonly RevertDifference[] {
  const expected = new Map<string, Expected>();
  const now = (path: string): Expected => expected.get(path) ?? (expected.has(path) ? null : baseText(path));
  for (const original of originals) for (const change of original) undo(change, now, expected);
  const head = headTexts(changes);
  const differences: RevertDifference[] = [];
  for (const path of new Set([...expected.keys(), ...head.keys()])) {
    const wanted = now(path);
    const is = head.has(path) ? (head.get(path) ?? null) : baseText(path);
    if (wanted !== is) differences.push({ path, what: !expected.has(path) ? 'also' : head.has(path) ? 'otherwise' : 'left', lines: linesApart(wanted, is, changes.find((change) => change.path === path)) });
  }
  return differences.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function undo(change: Change, now: (path: string) => Expected, expected: Map<string, Expected>): void {
  const from = change.previousPath ?? change.path;
  const current = now(change.path);
  const result = undone(change, current);
  if (from !== change.path) expected.set(change.path, null);
  // Nothing was to be undone here any more: somebody did it before.
  expected.set(from, from !== change.path && current === null ? now(from) : result);
}

function undone({ before, after }: Change, current: Expected): Expected {
  if (current === CONFLICT) return CONFLICT;
  if (current === after || current === before) return before;
  if (before === null || after === null || current === null) return CONFLICT;
  const merged = mergeTexts(after, current, before);
  return 'text' in merged ? merged.text : CONFLICT;
}

/** Each path of the change with its text at the head; a rename empties its old path. */
function headTexts(changes: readonly Change[]): ReadonlyMap<string, string | null> {
  const texts = new Map<string, string | null>();
  for (const change of changes) if (change.previousPath !== undefined && change.previousPath !== change.path) texts.set(change.previousPath, null);
  for (const change of changes) texts.set(change.path, change.after);
  return texts;
}

function linesApart(wanted: Expected, is: string | null, change: Change | undefined): readonly LineRange[] {
  if (is === null) return [];
  if (wanted === CONFLICT) return change?.touched ?? [];
  return diffTexts(wanted, is).touched;
}

/**
 * The same for files that have no text to compare, by the names of their contents: paths where the change is not the plain inverse.
 * `paths` null: all of them.
 */
export function objectDifferences(change: ReadonlyMap<string, ObjectChange>, originals: readonly ReadonlyMap<string, ObjectChange>[], paths: ReadonlySet<string> | null): readonly RevertDifference[] {
  const differences: RevertDifference[] = [];
  const all = new Set([...change.keys(), ...originals.flatMap((one) => [...one.keys()])]);
  for (const path of all) {
    if (paths !== null && !paths.has(path)) continue;
    const own = change.get(path);
    const steps = originals.flatMap((one) => one.get(path) ?? []);
    // Untouched by this change, the base's version is not known here: it is then what the first step has to start from.
    let state = own === undefined ? (steps[0]?.before ?? null) : own.before;
    const fits = steps.every((step) => {
      const follows = state === step.after || state === step.before;
      state = step.before;
      return follows;
    });
    const wanted = fits ? state : undefined;
    if (own === undefined ? steps.length > 0 : wanted !== own.after) differences.push({ path, what: steps.length === 0 ? 'also' : own === undefined ? 'left' : 'otherwise', lines: [] });
  }
  return differences;
}
