import type { Hunk, LineRange } from './change-set.js';
import { diffLines, type Edit } from './diff-lines.js';

const CONTEXT = 3;

/** A text's lines as git counts them: a final line break ends the last line and begins none. Carriage returns stay. */
export function linesOf(text: string | null): readonly string[] {
  if (text === null || text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * The hunks (three lines of context) from one text to another and the lines of the new one that were added or changed.
 * null stands for a file that does not exist. Bounded for texts of any size (see `diffLines`).
 */
export function diffTexts(before: string | null, after: string | null): { readonly hunks: readonly Hunk[]; readonly touched: readonly LineRange[] } {
  const hunks = hunksOf(keepingEnd(before), keepingEnd(after));
  return { hunks, touched: touchedBy(hunks) };
}

/** Lines in which the last one differs when its line break is missing, so that adding it is a change, as in git. */
function keepingEnd(text: string | null): readonly string[] {
  const lines = linesOf(text);
  return text === null || text === '' || text.endsWith('\n') ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${NO_LINE_BREAK}`];
}

const NO_LINE_BREAK = '\n';

function hunksOf(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let open: OpenHunk | null = null;
  let oldAt = 0;
  let newAt = 0;
  const edits = diffLines(before, after);
  edits.forEach((edit, index) => {
    if (edit.kind === 'same') {
      const follows = index < edits.length - 1;
      if (open !== null && follows && edit.count <= 2 * CONTEXT) append(open, ' ', before, oldAt, edit.count);
      else if (open !== null) {
        append(open, ' ', before, oldAt, Math.min(CONTEXT, edit.count));
        hunks.push(closed(open));
        open = null;
      }
    } else {
      open ??= opened(before, edits[index - 1], oldAt, newAt);
      append(open, edit.kind === 'gone' ? '-' : '+', edit.kind === 'gone' ? before : after, edit.kind === 'gone' ? oldAt : newAt, edit.count);
    }
    if (edit.kind !== 'new') oldAt += edit.count;
    if (edit.kind !== 'gone') newAt += edit.count;
  });
  if (open !== null) hunks.push(closed(open));
  return hunks;
}

interface OpenHunk {
  readonly oldFrom: number;
  readonly newFrom: number;
  readonly lines: string[];
}

function opened(before: readonly string[], previous: Edit | undefined, oldAt: number, newAt: number): OpenHunk {
  const lead = previous?.kind === 'same' ? Math.min(CONTEXT, previous.count) : 0;
  const hunk: OpenHunk = { oldFrom: oldAt - lead, newFrom: newAt - lead, lines: [] };
  append(hunk, ' ', before, oldAt - lead, lead);
  return hunk;
}

function append(hunk: OpenHunk, sign: ' ' | '-' | '+', lines: readonly string[], from: number, count: number): void {
  for (let at = from; at < from + count; at += 1) hunk.lines.push(sign + (lines[at] ?? '').replace(NO_LINE_BREAK, ''));
}

/** Git's numbering: an empty side names the line before it. */
function closed(hunk: OpenHunk): Hunk {
  const oldLines = hunk.lines.filter((line) => !line.startsWith('+')).length;
  const newLines = hunk.lines.filter((line) => !line.startsWith('-')).length;
  return {
    oldStart: oldLines === 0 ? hunk.oldFrom : hunk.oldFrom + 1,
    oldLines,
    newStart: newLines === 0 ? hunk.newFrom : hunk.newFrom + 1,
    newLines,
    lines: hunk.lines,
  };
}

/** The lines of the new version that the hunks add or change, joined where they touch. */
export function touchedBy(hunks: readonly Hunk[]): readonly LineRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const hunk of hunks) {
    let at = hunk.newStart;
    for (const line of hunk.lines) {
      if (line.startsWith('-')) continue;
      if (line.startsWith('+')) {
        const last = ranges.at(-1);
        if (last?.end === at - 1) last.end = at;
        else ranges.push({ start: at, end: at });
      }
      at += 1;
    }
  }
  return ranges;
}

/** Whether all lines from `start` to `end` of the new version stand in one hunk: where a host accepts a comment. */
export function hunkWith(hunks: readonly Hunk[], start: number, end: number): Hunk | null {
  return hunks.find((hunk) => hunk.newLines > 0 && start >= hunk.newStart && end < hunk.newStart + hunk.newLines) ?? null;
}

/** A parsed patch; the flags say that a version's last line has no line break. */
export interface Patch {
  readonly hunks: readonly Hunk[];
  readonly oldEndsOpen: boolean;
  readonly newEndsOpen: boolean;
}

const HUNK_HEADER = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/** Reads the hunks of one file's unified diff; null when its line counts do not add up. */
export function parsePatch(patch: string): Patch | null {
  const hunks: { header: Omit<Hunk, 'lines'>; lines: string[] }[] = [];
  let oldEndsOpen = false;
  let newEndsOpen = false;
  for (const line of linesOf(patch)) {
    const header = HUNK_HEADER.exec(line);
    const hunk = hunks.at(-1);
    if (header !== null && (hunk === undefined || isFull(hunk))) hunks.push({ header: headerOf(header), lines: [] });
    else if (hunk === undefined) return null;
    else if (line.startsWith('\\')) {
      const last = hunk.lines.at(-1) ?? '';
      if (!last.startsWith('+')) oldEndsOpen = true;
      if (!last.startsWith('-')) newEndsOpen = true;
    } else if (/^[ +-]/.test(line)) hunk.lines.push(line);
    else return null;
  }
  if (hunks.length === 0 || !hunks.every(isFull)) return null;
  return { hunks: hunks.map(({ header, lines }) => ({ ...header, lines })), oldEndsOpen, newEndsOpen };
}

function headerOf(match: RegExpExecArray): Omit<Hunk, 'lines'> {
  return { oldStart: Number(match[1]), oldLines: Number(match[2] ?? 1), newStart: Number(match[3]), newLines: Number(match[4] ?? 1) };
}

function isFull(hunk: { readonly header: Omit<Hunk, 'lines'>; readonly lines: readonly string[] }): boolean {
  const old = hunk.lines.filter((line) => !line.startsWith('+')).length;
  const fresh = hunk.lines.filter((line) => !line.startsWith('-')).length;
  return old === hunk.header.oldLines && fresh === hunk.header.newLines;
}

/** The old version, given the new one and the patch between them; null when the patch does not fit the new version. */
export function undoPatch(after: string, patch: Patch): string | null {
  const lines = linesOf(after);
  const old: string[] = [];
  let at = 0;
  for (const hunk of patch.hunks) {
    const start = hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1;
    if (start < at || start > lines.length) return null;
    for (; at < start; at += 1) old.push(lines[at] ?? '');
    for (const line of hunk.lines) {
      if (!line.startsWith('-') && lines[at] !== line.slice(1)) return null;
      if (!line.startsWith('-')) at += 1;
      if (!line.startsWith('+')) old.push(line.slice(1));
    }
  }
  const reachesEnd = at === lines.length;
  if (reachesEnd && after !== '' && patch.newEndsOpen === after.endsWith('\n')) return null;
  for (; at < lines.length; at += 1) old.push(lines[at] ?? '');
  const opensEnd = reachesEnd ? patch.oldEndsOpen : !after.endsWith('\n');
  return old.length === 0 ? '' : old.join('\n') + (opensEnd ? '' : '\n');
}
