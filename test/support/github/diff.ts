import { git, remembered } from './git.js';

/** One changed file between two commits, as GitHub lists it. */
export interface DiffFile {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  /** The blob after the change; before it for a removed file. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Hunks from the first `@@` on; null for a binary, over-large, purely renamed or empty file. */
  readonly patch: string | null;
  readonly binary: boolean;
}

/** GitHub's documented bounds for one file's diff and for all of them together. */
const FILE_BYTES = 500_000;
const LINES = 20_000;
const TOTAL_BYTES = 1_000_000;

/** The changed files between two commits (full shas), with renames found, in git's order. */
export function diffFiles(directory: string, before: string, after: string): Promise<readonly DiffFile[]> {
  return remembered(`diff ${directory} ${before} ${after}`, () => readDiff(directory, before, after));
}

async function readDiff(directory: string, before: string, after: string): Promise<readonly DiffFile[]> {
  const common = ['diff', '--find-renames', '--no-ext-diff', '--no-textconv', '--full-index', before, after];
  const [listed, patches] = await Promise.all([git(directory, [...common, '--raw', '--numstat', '-z', '--abbrev=40']), git(directory, [...common, '--patch'])]);
  const tokens = listed.toString('utf8').split('\0');
  const entries = takeRaw(tokens);
  const numbers = readCounts(tokens);
  const sections = splitPatch(patches);
  let bytes = 0;
  let lines = 0;
  return entries.map((entry) => {
    const section = sections.shift();
    // A file that became a link (or the other way) is shown by git as a removal and an addition.
    if (entry.letter === 'T') sections.shift();
    const count = numbers.get(entry.path) ?? { additions: 0, deletions: 0, binary: false };
    const text = entry.letter === 'T' ? null : hunksOf(section);
    const changed = count.additions + count.deletions;
    const size = text?.length ?? 0;
    const shown = text !== null && size <= FILE_BYTES && bytes + size <= TOTAL_BYTES && lines + changed <= LINES;
    bytes += shown ? size : 0;
    lines += shown ? changed : 0;
    return {
      path: entry.path,
      previousPath: entry.previousPath,
      status: statusOf(entry.letter),
      sha: entry.letter === 'D' ? entry.before : entry.after,
      additions: count.additions,
      deletions: count.deletions,
      patch: shown ? text.toString('utf8') : null,
      binary: count.binary,
    };
  });
}

/** The whole diff, for the diff media type. */
export async function diffText(directory: string, before: string, after: string): Promise<Buffer> {
  return git(directory, ['diff', '--find-renames', '--no-ext-diff', '--no-textconv', before, after]);
}

interface RawEntry {
  readonly letter: string;
  readonly before: string;
  readonly after: string;
  readonly path: string;
  readonly previousPath: string | null;
}

/** Takes the `--raw` entries off the front; the counts remain. */
function takeRaw(tokens: string[]): readonly RawEntry[] {
  const entries: RawEntry[] = [];
  while (tokens[0]?.startsWith(':') === true) {
    const [, , before = '', after = '', letterAndScore = ''] = (tokens.shift() ?? '').split(' ');
    const letter = letterAndScore.slice(0, 1);
    const previousPath = letter === 'R' || letter === 'C' ? (tokens.shift() ?? '') : null;
    entries.push({ letter, before, after, path: tokens.shift() ?? '', previousPath });
  }
  return entries;
}

function readCounts(tokens: readonly string[]): ReadonlyMap<string, { additions: number; deletions: number; binary: boolean }> {
  const counts = new Map<string, { additions: number; deletions: number; binary: boolean }>();
  for (let at = 0; at < tokens.length && tokens[at] !== ''; ) {
    const [additions = '', deletions = '', path = ''] = (tokens[at] ?? '').split('\t');
    const moved = path === '';
    const name = moved ? (tokens[at + 2] ?? '') : path;
    counts.set(name, { additions: Number(additions) || 0, deletions: Number(deletions) || 0, binary: additions === '-' });
    at += moved ? 3 : 1;
  }
  return counts;
}

function splitPatch(patch: Buffer): Buffer[] {
  const marker = Buffer.from('\ndiff --git ');
  const starts: number[] = patch.length === 0 ? [] : [0];
  for (let at = patch.indexOf(marker); at !== -1; at = patch.indexOf(marker, at + 1)) starts.push(at + 1);
  return starts.map((start, index) => patch.subarray(start, starts[index + 1] ?? patch.length));
}

function hunksOf(section: Buffer | undefined): Buffer | null {
  if (section === undefined) return null;
  const start = section.indexOf('\n@@ ');
  if (start === -1) return null;
  const end = section[section.length - 1] === 10 ? section.length - 1 : section.length;
  return section.subarray(start + 1, end);
}

function statusOf(letter: string): DiffFile['status'] {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'removed';
  if (letter === 'R') return 'renamed';
  return letter === 'T' ? 'changed' : 'modified';
}

/** One hunk of a patch, with the line numbers it shows on either side. */
export interface Hunk {
  readonly header: string;
  readonly lines: readonly HunkLine[];
}

export interface HunkLine {
  readonly left: number | null;
  readonly right: number | null;
  readonly text: string;
  /** GitHub's `position`: lines below the first `@@`, over all hunks. */
  readonly position: number;
}

/** Reads a patch into hunks. Lines of the form "\ No newline at end of file" count as a position and belong to no side. */
export function readHunks(patch: string): readonly Hunk[] {
  const hunks: { header: string; lines: HunkLine[] }[] = [];
  let left = 0;
  let right = 0;
  let position = -1;
  for (const text of patch.split('\n')) {
    position += 1;
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      hunks.push({ header: text, lines: [] });
      continue;
    }
    const sign = text[0] ?? ' ';
    const line: HunkLine = {
      left: sign === '-' || sign === ' ' ? left++ : null,
      right: sign === '+' || sign === ' ' ? right++ : null,
      text,
      position,
    };
    hunks.at(-1)?.lines.push(line);
  }
  return hunks;
}

export type Side = 'LEFT' | 'RIGHT';

/** The hunk that shows a line on one side, and the line's place in it. */
export function findLine(patch: string, side: Side, line: number): { readonly hunk: Hunk; readonly index: number } | null {
  for (const hunk of readHunks(patch)) {
    const index = hunk.lines.findIndex((entry) => (side === 'LEFT' ? entry.left : entry.right) === line);
    if (index !== -1) return { hunk, index };
  }
  return null;
}

/**
 * Where a line of the old version is in the new one: null when it was changed or removed. `patch` is the diff between the two; null
 * means the file did not change.
 */
export function moveLine(patch: string | null, line: number): number | null {
  if (patch === null) return line;
  let shift = 0;
  for (const hunk of readHunks(patch)) {
    for (const entry of hunk.lines) {
      if (entry.left !== null && entry.left >= line) {
        if (entry.left > line) return line + shift;
        return entry.right;
      }
      if (entry.left === null && entry.right !== null) shift += 1;
      if (entry.right === null && entry.left !== null) shift -= 1;
    }
  }
  return line + shift;
}
