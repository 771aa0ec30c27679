import type { Change, ChangeStatus, Hunk } from './change-set.js';
import { linesOf, parsePatch, touchedBy, undoPatch, type Patch } from './hunks.js';

/** One file of a pull request as a host lists it: its path, and its part of the diff where it is known. */
export interface PatchedFile {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: ChangeStatus;
  readonly patch: string | null;
}

/**
 * The change that a patch describes. `base` is the file's text before it, where that is known: then both versions are whole.
 * Otherwise they hold what the patch shows, one stretch behind the other, and `touched` counts in that. Without a patch both are empty but for the status.
 */
export function patchedChange(file: PatchedFile, base: string | null): Change {
  const { path, previousPath, status } = file;
  const shown = shownBy(file.patch ?? '');
  const whole = base === null || shown.patch === null ? null : undoPatch(base, inverse(shown.patch));
  const before = status === 'added' ? null : (whole === null ? shown.before : base);
  const after = status === 'removed' ? null : (whole ?? shown.after);
  const hunks = shown.hunks;
  const touched = status === 'removed' ? [] : whole === null ? shown.touched : touchedBy(hunks);
  return { path, ...(previousPath === undefined ? {} : { previousPath }), status, before, after, hunks, touched };
}

interface Shown {
  readonly patch: Patch | null;
  readonly before: string;
  readonly after: string;
  readonly hunks: Change['hunks'];
  readonly touched: Change['touched'];
}

/** Both versions as far as a patch shows them. One that does not add up (cut off, or without headers) is read line by line. */
function shownBy(text: string): Shown {
  const from = text.search(/^@@ /m);
  const patch = from < 0 ? null : parsePatch(text.slice(from));
  const lines = patch === null ? linesOf(text).filter((line) => !/^(?:diff |index |--- |\+\+\+ |@@ |\\)/.test(line)) : patch.hunks.flatMap((hunk) => hunk.lines);
  const before = lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1));
  const after = lines.filter((line) => !line.startsWith('-'));
  const whole: Hunk = { oldStart: 1, oldLines: before.length, newStart: 1, newLines: after.length, lines };
  return { patch, before: ended(before), after: ended(after.map((line) => line.slice(1))), hunks: patch?.hunks ?? (lines.length === 0 ? [] : [whole]), touched: touchedBy([whole]) };
}

function ended(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** The patch that leads back. */
function inverse({ hunks, oldEndsOpen, newEndsOpen }: Patch): Patch {
  const turned = hunks.map((hunk) => ({
    oldStart: hunk.newStart,
    oldLines: hunk.newLines,
    newStart: hunk.oldStart,
    newLines: hunk.oldLines,
    lines: hunk.lines.map((line) => (line.startsWith('+') ? `-${line.slice(1)}` : line.startsWith('-') ? `+${line.slice(1)}` : line)),
  }));
  return { hunks: turned, oldEndsOpen: newEndsOpen, newEndsOpen: oldEndsOpen };
}
