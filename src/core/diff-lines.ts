import { diffArrays } from 'diff';

/** A stretch of an edit script: `same` lines are in both texts, `gone` only in the old, `new` only in the new one. */
export interface Edit {
  readonly kind: 'same' | 'gone' | 'new';
  readonly count: number;
}

/** Beyond this many differing lines the exact algorithm gives way to anchoring on unique lines, which is linear. */
const EXACT_EDITS = 1500;
const GAP_EDITS = 200;

/**
 * The edit script between two lists of lines. Exact (shortest) for ordinary changes; for very large differences it
 * anchors on lines that occur once in each text and replaces what is between, in time linear in the texts.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const prefix = commonPrefix(before, after);
  const suffix = commonSuffix(before, after, prefix);
  const old = before.slice(prefix, before.length - suffix);
  const fresh = after.slice(prefix, after.length - suffix);
  const middle = exactEdits(old, fresh, EXACT_EDITS) ?? anchoredEdits(old, fresh);
  return compact([{ kind: 'same', count: prefix }, ...middle, { kind: 'same', count: suffix }]);
}

function commonPrefix(before: readonly string[], after: readonly string[]): number {
  const limit = Math.min(before.length, after.length);
  let count = 0;
  while (count < limit && before[count] === after[count]) count += 1;
  return count;
}

function commonSuffix(before: readonly string[], after: readonly string[], prefix: number): number {
  const limit = Math.min(before.length, after.length) - prefix;
  let count = 0;
  while (count < limit && before[before.length - 1 - count] === after[after.length - 1 - count]) count += 1;
  return count;
}

function exactEdits(before: readonly string[], after: readonly string[], maxEditLength: number): readonly Edit[] | null {
  if (shareNothing(before, after)) return replaced(before.length, after.length);
  const parts = diffArrays([...before], [...after], { maxEditLength });
  if (parts === undefined) return null;
  return parts.map((part) => ({ kind: part.added ? 'new' : part.removed ? 'gone' : 'same', count: part.value.length }));
}

function shareNothing(before: readonly string[], after: readonly string[]): boolean {
  const known = new Set(before);
  return !after.some((line) => known.has(line));
}

function replaced(gone: number, fresh: number): readonly Edit[] {
  return [{ kind: 'gone', count: gone }, { kind: 'new', count: fresh }];
}

function anchoredEdits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const edits: Edit[] = [];
  let oldAt = 0;
  let newAt = 0;
  for (const [oldIndex, newIndex] of [...anchors(before, after), [before.length, after.length] as const]) {
    const old = before.slice(oldAt, oldIndex);
    const fresh = after.slice(newAt, newIndex);
    edits.push(...(exactEdits(old, fresh, GAP_EDITS) ?? replaced(old.length, fresh.length)));
    if (oldIndex < before.length) edits.push({ kind: 'same', count: 1 });
    oldAt = oldIndex + 1;
    newAt = newIndex + 1;
  }
  return edits;
}

/** Pairs of places of lines that are unique in both texts, in an order that both texts agree on. */
function anchors(before: readonly string[], after: readonly string[]): readonly (readonly [number, number])[] {
  const oldPlaces = uniquePlaces(before);
  const pairs: [number, number][] = [];
  for (const [line, newIndex] of uniquePlaces(after)) {
    const oldIndex = oldPlaces.get(line);
    if (newIndex >= 0 && oldIndex !== undefined && oldIndex >= 0) pairs.push([oldIndex, newIndex]);
  }
  pairs.sort((a, b) => a[1] - b[1]);
  return longestIncreasing(pairs);
}

function uniquePlaces(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  lines.forEach((line, index) => places.set(line, places.has(line) ? -1 : index));
  return places;
}

/** The longest run of pairs whose first numbers rise (patience sorting). */
function longestIncreasing(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const tails: number[] = [];
  const previous: number[] = [];
  pairs.forEach(([oldIndex], at) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.[0] ?? 0) < oldIndex) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = at;
  });
  const chain: (readonly [number, number])[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) chain.push(pair);
  }
  return chain.reverse();
}

/** Joins neighbours of a kind and puts what is gone before what is new, as diffs are written. */
function compact(edits: readonly Edit[]): readonly Edit[] {
  const result: Edit[] = [];
  let gone = 0;
  let fresh = 0;
  const flush = (): void => {
    if (gone > 0) result.push({ kind: 'gone', count: gone });
    if (fresh > 0) result.push({ kind: 'new', count: fresh });
    gone = 0;
    fresh = 0;
  };
  for (const edit of edits) {
    if (edit.count === 0) continue;
    if (edit.kind === 'gone') gone += edit.count;
    else if (edit.kind === 'new') fresh += edit.count;
    else {
      flush();
      const last = result.at(-1);
      if (last?.kind === 'same') result[result.length - 1] = { kind: 'same', count: last.count + edit.count };
      else result.push(edit);
    }
  }
  flush();
  return result;
}
