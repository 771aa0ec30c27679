import type { Change } from '../core/change-set.js';
import type { DiffNeed, NeedKind } from './diff-needs.js';

/** One changed file as its patch shows it: the lines that went and the lines that came. */
export interface ShownLines {
  readonly path: string;
  readonly gone: readonly string[];
  readonly fresh: readonly string[];
  /** The new version as far as it is known. */
  readonly text: string;
  readonly status: Change['status'];
}

/** A need of a file that is no migration. */
export function fileNeed(kind: NeedKind, { path }: ShownLines, does: string, name: string | null = null): DiffNeed {
  return { kind, does, where: `\`${path}\``, name, path, down: 'nothing', copies: [] };
}
