import type { LineRange } from './change-set.js';
import { diffLines } from './diff-lines.js';

/** A text in which both sides' changes are done, or the lines of ours where they meet. */
export type MergedText = { readonly text: string } | { readonly conflicts: readonly LineRange[] };

/** What one side does: base lines `start` to `end` (exclusive, from 0) give way to `lines`. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * Does to `ours` what leads from `base` to `theirs`, as a three-way merge does. Changes of both sides that overlap or touch are a
 * conflict, unless they are the same change. With `base` a commit's version and `theirs` the one before it, this is a revert.
 */
export function mergeTexts(base: string, ours: string, theirs: string): MergedText {
  if (ours === base || ours === theirs) return { text: theirs };
  if (theirs === base) return { text: ours };
  const baseLines = base.split('\n');
  const mine = replacements(baseLines, ours.split('\n'));
  const others = replacements(baseLines, theirs.split('\n'));
  return combined(baseLines, mine, others);
}

function replacements(base: readonly string[], side: readonly string[]): readonly Replacement[] {
  const found: Replacement[] = [];
  let at = 0;
  let sideAt = 0;
  for (const edit of diffLines(base, side)) {
    if (edit.kind === 'same') {
      at += edit.count;
      sideAt += edit.count;
      continue;
    }
    const last = found.at(-1);
    const open = last?.end === at ? last : null;
    const next = edit.kind === 'gone' ? { start: at, end: at + edit.count, lines: [] as readonly string[] } : { start: at, end: at, lines: side.slice(sideAt, sideAt + edit.count) };
    if (open === null) found.push(next);
    else found[found.length - 1] = { start: open.start, end: next.end, lines: [...open.lines, ...next.lines] };
    if (edit.kind === 'gone') at += edit.count;
    else sideAt += edit.count;
  }
  return found;
}

function combined(base: readonly string[], mine: readonly Replacement[], others: readonly Replacement[]): MergedText {
  const conflicts: LineRange[] = [];
  const merged: string[] = [];
  let at = 0;
  let offset = 0;
  const take = (one: Replacement): void => {
    merged.push(...base.slice(at, one.start), ...one.lines);
    at = one.end;
  };
  let [left, right] = [0, 0];
  for (;;) {
    const [ours, theirs] = [mine[left], others[right]];
    if (ours === undefined && theirs === undefined) break;
    if (ours !== undefined && theirs !== undefined && meets(ours, theirs)) {
      left += 1;
      right += 1;
      if (!isSame(ours, theirs)) conflicts.push(rangeOf(ours, theirs, offset));
      else take(ours);
      offset += ours.lines.length - (ours.end - ours.start);
    } else if (theirs === undefined || (ours !== undefined && ours.start < theirs.start)) {
      if (ours === undefined) break;
      take(ours);
      offset += ours.lines.length - (ours.end - ours.start);
      left += 1;
    } else {
      take(theirs);
      right += 1;
    }
  }
  return conflicts.length > 0 ? { conflicts } : { text: [...merged, ...base.slice(at)].join('\n') };
}

/** Whether two changes overlap or touch. */
function meets(one: Replacement, other: Replacement): boolean {
  return one.start <= other.end && other.start <= one.end;
}

function isSame(one: Replacement, other: Replacement): boolean {
  return one.start === other.start && one.end === other.end && one.lines.length === other.lines.length && one.lines.every((line, index) => line === other.lines[index]);
}

/** The lines of ours, from 1, in which both sides changed something. */
function rangeOf(ours: Replacement, theirs: Replacement, offset: number): LineRange {
  const start = Math.min(ours.start, theirs.start) + offset + 1;
  const end = Math.max(ours.end, theirs.end) + offset + ours.lines.length - (ours.end - ours.start);
  return { start, end: Math.max(start, end) };
}
