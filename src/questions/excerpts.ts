import type { Change, ChangeSet, Hunk, LineRange } from '../core/change-set.js';
import { linesOf } from '../core/hunks.js';
import { renderedLength, renderShown, showable } from './anchors.js';
import type { ShownFile, ShownLine } from './anchors.js';
import { contextOf } from './enclosing.js';
import { createReadable } from './readable.js';
import type { NotShown } from './readable.js';
import type { Redactor } from './redact.js';
import { riskOf } from './risk.js';

/** What is chosen to be shown, riskiest file first, and what is left out. */
export interface Excerpts {
  readonly files: readonly ShownFile[];
  readonly notShown: readonly NotShown[];
  /** Paths of shown files of which some changed lines did not fit. */
  readonly partly: readonly string[];
}

export interface ExcerptLimits {
  /** Globs of files that never leave the process. */
  readonly exclude: readonly string[];
  /** Characters of all excerpts together. */
  readonly characters: number;
  readonly files: number;
}

/** About 20,000 tokens: with more, models find less. */
export const DEFAULT_CHARACTERS = 60_000;
export const DEFAULT_FILES = 40;

/** One file gets at most this part of the room, so that one large file does not hide the others. */
const SHARE = 0.5;
/** With less room than this left, no further file is begun. */
const SMALLEST_ROOM = 2000;
const REMOVED_LINES = 40;
/** At most so many hunks of a file get their function looked up: more would never fit. */
const MOST_HUNKS = 200;
/** At most so many characters of files are gone through for secrets; the files beyond are not shown. */
const REDACTED_CHARACTERS = 4_000_000;

/** Chooses the excerpts within the limits. Every text in the result is redacted; the work is bounded by the limits. */
export function chooseExcerpts(changeSet: ChangeSet, limits: ExcerptLimits, redactor: Redactor): Excerpts {
  const readable = createReadable(limits.exclude);
  const notShown: NotShown[] = [];
  const candidates: { readonly change: Change; readonly risk: number }[] = [];
  for (const change of changeSet.changes) {
    const reason = readable(change);
    if (reason === null) candidates.push({ change, risk: riskOf(change) });
    else notShown.push({ path: change.path, reason });
  }
  candidates.sort((left, right) => right.risk - left.risk || (left.change.path < right.change.path ? -1 : 1));
  const files: ShownFile[] = [];
  const partly: string[] = [];
  let room = limits.characters;
  let effort = REDACTED_CHARACTERS;
  for (const { change } of candidates) {
    const share = Math.min(room, Math.max(limits.characters * SHARE, 2000));
    effort -= (change.before?.length ?? 0) + (change.after?.length ?? 0);
    const shown = files.length < limits.files && room > SMALLEST_ROOM && effort >= 0 ? excerptOf(change, share, redactor) : null;
    if (shown === null) {
      notShown.push({ path: change.path, reason: 'budget' });
      continue;
    }
    room -= renderShown(shown.file).length;
    files.push(shown.file);
    if (!shown.whole) partly.push(change.path);
  }
  return { files, notShown, partly };
}

interface Excerpt {
  readonly file: ShownFile;
  readonly whole: boolean;
}

/** One file's changed hunks with what encloses them; null when nothing of it fits. */
function excerptOf(change: Change, room: number, redactor: Redactor): Excerpt | null {
  const lines = change.after === null ? [] : linesOf(redactor.redact(change.after, change.path));
  const removed = removedLines(change, redactor);
  const touched = changedLines(change.hunks);
  const ranges = change.after === null ? [] : merge(change.hunks.slice(0, MOST_HUNKS).flatMap((hunk) => contextOf(lines, touchedRange(hunk, lines.length))));
  const runs: ShownLine[][] = [];
  let left = room - change.path.length - 100;
  let whole = change.hunks.length <= MOST_HUNKS;
  for (const range of change.after === null ? [{ start: 1, end: 1 }] : ranges) {
    const run = runOf(range, lines, removed, touched, left);
    if (run.lines.length > 0) runs.push(run.lines);
    left -= run.length;
    whole &&= run.whole;
    if (!run.whole) break;
  }
  if (runs.length === 0) return null;
  return { file: { path: change.path, note: noteOf(change), runs }, whole };
}

function noteOf(change: Change): string {
  if (change.previousPath !== undefined) return `${change.status} from ${JSON.stringify(change.previousPath)}`;
  return change.status;
}

/** The lines of a range with the removed ones in their places, as far as there is room. */
function runOf(range: LineRange, lines: readonly string[], removed: ReadonlyMap<number, readonly string[]>, touched: ReadonlySet<number>, room: number): { readonly lines: ShownLine[]; readonly length: number; readonly whole: boolean } {
  const run: ShownLine[] = [];
  let length = 0;
  const push = (shown: ShownLine): boolean => {
    length += renderedLength(shown.text);
    if (length > room) return false;
    run.push(shown);
    return true;
  };
  for (let at = range.start; at <= range.end + 1; at += 1) {
    for (const text of removed.get(at) ?? []) if (at <= range.end || at > lines.length) if (!push({ line: null, text, mark: '-' })) return { lines: run, length, whole: false };
    const text = lines[at - 1];
    if (text === undefined || at > range.end) continue;
    if (!push({ line: at, text: showable(text), mark: touched.has(at) ? '+' : ' ' })) return { lines: run, length, whole: false };
  }
  return { lines: run, length, whole: true };
}

/** Removed lines by the line of the head's version they stood before. */
function removedLines(change: Change, redactor: Redactor): ReadonlyMap<number, readonly string[]> {
  const places = new Map<number, string[]>();
  if (change.before === null) return places;
  const before = linesOf(redactor.redact(change.before, change.previousPath ?? change.path));
  for (const hunk of change.hunks) {
    let oldLine = hunk.oldStart;
    let newLine = Math.max(1, hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart);
    if (change.after === null) newLine = 1;
    for (const line of hunk.lines) {
      if (line.startsWith('-')) {
        const list = places.get(newLine) ?? [];
        if (list.length < REMOVED_LINES) list.push(showable(before[oldLine - 1] ?? ''));
        else if (list.length === REMOVED_LINES) list.push('[more lines were removed here]');
        places.set(newLine, list);
        oldLine += 1;
      } else if (line.startsWith('+')) newLine += 1;
      else if (line.startsWith(' ')) {
        oldLine += 1;
        newLine += 1;
      }
    }
  }
  return places;
}

function changedLines(hunks: readonly Hunk[]): ReadonlySet<number> {
  const changed = new Set<number>();
  for (const hunk of hunks) {
    let newLine = hunk.newStart;
    for (const line of hunk.lines) {
      if (line.startsWith('+')) changed.add(newLine);
      if (!line.startsWith('-') && !line.startsWith('\\')) newLine += 1;
    }
  }
  return changed;
}

/** From the first to the last line of a hunk that changed, or the line after a removal. */
function touchedRange(hunk: Hunk, lineCount: number): LineRange {
  let newLine = hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart;
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const line of hunk.lines) {
    if (line.startsWith('+') || line.startsWith('-')) {
      start = Math.min(start, newLine);
      end = Math.max(end, newLine);
    }
    if (line.startsWith('+') || line.startsWith(' ')) newLine += 1;
  }
  const inside = (line: number): number => Math.min(Math.max(1, line), Math.max(1, lineCount));
  return { start: inside(start), end: inside(end) };
}

/** Ranges in order, neighbours joined. */
function merge(ranges: readonly LineRange[]): readonly LineRange[] {
  const merged: LineRange[] = [];
  for (const range of [...ranges].sort((left, right) => left.start - right.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end + 2) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else merged.push(range);
  }
  return merged;
}
