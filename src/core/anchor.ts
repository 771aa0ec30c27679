import type { Change, Hunk } from './change-set.js';
import type { Finding } from './finding.js';
import { hunkWith } from './hunks.js';

/** Where a comment on a finding can stand: on lines of the head's version, on the file, or nowhere in the diff. */
export type Anchor =
  | {
      readonly kind: 'lines';
      /** null for a single line. */
      readonly startLine: number | null;
      readonly line: number;
      /** Whether the finding's suggestion replaces exactly these lines. */
      readonly suggestion: boolean;
    }
  | { readonly kind: 'file' }
  | { readonly kind: 'none' };

/** A longer range would bury the comment under quoted code: then only its first line is anchored. */
const MAX_RANGE = 20;

/**
 * Finds the place a host will accept. A range must lie within one hunk, and one anchor outside the diff would make the
 * host refuse the whole review. `changes` are the changes by path.
 */
export function anchorOf(finding: Finding, changes: ReadonlyMap<string, Change>): Anchor {
  const change = finding.path === null ? undefined : changes.get(finding.path);
  if (change === undefined) return { kind: 'none' };
  if (finding.span === null || change.after === null) return { kind: 'file' };
  const { startLine, endLine } = finding.span;
  const suggested = suggestionAnchor(finding, change.hunks);
  if (suggested !== null) return suggested;
  if (endLine - startLine < MAX_RANGE && hunkWith(change.hunks, startLine, endLine) !== null) return lines(startLine, endLine, false);
  if (hunkWith(change.hunks, startLine, startLine) !== null) return lines(startLine, startLine, false);
  return { kind: 'file' };
}

/** The suggestion's own lines, where they stand in one hunk together with the first line of the finding. */
function suggestionAnchor(finding: Finding, hunks: readonly Hunk[]): Anchor | null {
  const { suggestion, span } = finding;
  if (suggestion === null || span === null || suggestion.startLine > suggestion.endLine) return null;
  const first = Math.min(suggestion.startLine, span.startLine);
  const last = Math.max(suggestion.endLine, span.startLine);
  return hunkWith(hunks, first, last) === null ? null : lines(suggestion.startLine, suggestion.endLine, true);
}

function lines(start: number, end: number, suggestion: boolean): Anchor {
  return { kind: 'lines', startLine: start === end ? null : start, line: end, suggestion };
}
