import { joinPath } from './paths.js';

/** Drizzle's own record: the migrations' tags and their numbers. */
export type Journal = ReadonlyMap<string, number>;

/** The journal of a history's folder; empty when it keeps none. */
export function journalOf(files: ReadonlyMap<string, string>, history: string): Journal {
  const journal = new Map<string, number>();
  for (const match of (files.get(joinPath(history, 'meta/_journal.json')) ?? '').slice(0, 2_000_000).matchAll(/"tag"\s*:\s*"([^"]+)"/g)) journal.set(match[1] ?? '', journal.size);
  return journal;
}

/** Whether a journal is kept: of a folder that has one it names most migrations. Where it does not, they are run by hand. */
export function isKept(journal: Journal, ids: readonly string[]): boolean {
  return journal.size === 0 || 2 * ids.filter((id) => journal.has(id)).length >= ids.length;
}
