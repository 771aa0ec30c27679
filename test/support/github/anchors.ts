import { findLine, readHunks, type DiffFile, type Side } from './diff.js';
import type { JsonObject } from './world.js';

/** Where a comment wants to stand. */
export interface Anchor {
  readonly path: string;
  readonly line: number;
  readonly side: Side;
  readonly startLine: number | null;
  readonly startSide: Side | null;
}

/** A comment that stands: its anchor and GitHub's `position`, both null for a comment on a file. */
export interface Standing {
  readonly file: DiffFile;
  readonly anchor: Anchor | null;
  readonly position: number | null;
}

const SIDES = new Set(['LEFT', 'RIGHT']);

function sideOf(value: unknown, otherwise: Side): Side | null {
  if (value === undefined || value === null) return otherwise;
  return typeof value === 'string' && SIDES.has(value) ? (value as Side) : null;
}

/** Reads the anchor fields of a comment against the files of a diff; a string says what GitHub would object to. */
export function standComment(files: readonly DiffFile[], comment: JsonObject): Standing | string {
  const path = comment['path'];
  const file = files.find((candidate) => candidate.path === path);
  if (typeof path !== 'string' || file === undefined) return 'Path could not be resolved';
  if (comment['subject_type'] === 'file') return { file, anchor: null, position: null };
  if (typeof comment['position'] === 'number' && comment['line'] === undefined) return standAtPosition(file, path, comment['position']);
  const line = comment['line'];
  if (typeof line !== 'number') return 'Line could not be resolved';
  const side = sideOf(comment['side'], 'RIGHT');
  const startSide = sideOf(comment['start_side'], side ?? 'RIGHT');
  if (side === null || startSide === null) return 'Side is invalid';
  const startLine = typeof comment['start_line'] === 'number' ? comment['start_line'] : null;
  if (file.patch === null) return 'Line could not be resolved';
  return standAtLine(file, { path, line, side, startLine, startSide: startLine === null ? null : startSide });
}

function standAtLine(file: DiffFile, anchor: Anchor): Standing | string {
  const found = findLine(file.patch ?? '', anchor.side, anchor.line);
  if (found === null) return 'Line could not be resolved';
  if (anchor.startLine !== null && anchor.startSide !== null) {
    const start = findLine(file.patch ?? '', anchor.startSide, anchor.startLine);
    if (start === null) return 'Start line could not be resolved';
    if (start.hunk.header !== found.hunk.header) return 'Start line must be part of the same hunk as the line.';
    if (start.index >= found.index) return 'Start line must precede the end line.';
  }
  return { file, anchor, position: found.hunk.lines[found.index]?.position ?? null };
}

function standAtPosition(file: DiffFile, path: string, position: number): Standing | string {
  const line = readHunks(file.patch ?? '').flatMap((hunk) => hunk.lines).find((candidate) => candidate.position === position);
  const [number, side] = line?.right != null ? [line.right, 'RIGHT' as const] : [line?.left ?? null, 'LEFT' as const];
  if (number === null) return 'Position could not be resolved';
  return { file, anchor: { path, line: number, side, startLine: null, startSide: null }, position };
}
