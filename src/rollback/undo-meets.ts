import type { Change, LineRange } from '../core/change-set.js';
import { mergeTexts } from '../core/three-way.js';

/** The lines of today's version in which undoing one file's change meets later work, none where the whole file is the matter; null where it applies. */
export function undoMeets(change: Change, today: string | null): readonly LineRange[] | null {
  if (today === change.after || today === change.before) return null;
  if (today === null || change.before === null || change.after === null) return [];
  const merged = mergeTexts(change.after, today, change.before);
  return 'text' in merged ? null : merged.conflicts;
}
