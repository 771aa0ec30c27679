import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Change, Pull } from '../core/change-set.js';
import type { ReadFiles } from './read-change-set.js';

/** The files of a change with their texts, and the templates of the repository. */
export interface WholeChanges extends ReadFiles {
  readonly templates: Pull['templates'];
}

/** Changes in memory, so many characters of text at most. Trees never change, so what was read of two is good for ever. */
export function createChangesMemory(maxSize = 20_000_000): LRUCache<string, WholeChanges> {
  return new LRUCache({ max: 300, maxSize, sizeCalculation: ({ changes }) => changes.reduce((sum, change) => sum + sizeOf(change), 1000) });
}

function sizeOf({ before, after, hunks }: Change): number {
  return (before?.length ?? 0) + (after?.length ?? 0) + hunks.reduce((sum, hunk) => sum + hunk.lines.length * 40, 200);
}

/** What was read of these trees before, or reads it. What the host did not give is asked for again next time. */
export async function keptChanges(memory: LRUCache<string, WholeChanges>, name: object, read: () => Promise<WholeChanges>): Promise<WholeChanges> {
  const key = createHash('sha256').update(JSON.stringify(name)).digest('hex');
  const known = memory.get(key);
  if (known !== undefined) return known;
  const whole = await read();
  if (!whole.unread.some((one) => one.reason === 'unreadable')) memory.set(key, whole);
  return whole;
}
