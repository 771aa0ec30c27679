import type { Context } from './program.js';
import type { Values } from './terms.js';
import { currentFor, tableOf, writerOf, type Row, type World } from './world.js';

/** A row that holds a unique key already: committed or one's own, or somebody's who has not ended. */
export type Collision = { readonly kind: 'taken'; readonly row: Row } | { readonly kind: 'wait'; readonly on: readonly number[] };

/** Looks at what is committed, whatever the snapshot, and waits for who may still take the key or give it back. */
export function wouldCollide(world: World, session: number, table: string, values: Values, own: number | null, context: Context, columns: readonly string[] | null = null): Collision | null {
  for (const index of context.unique) {
    if (index.table !== table || (columns !== null && !sameColumns(columns, index.columns)) || index.columns.some((column) => (values[column] ?? null) === null)) continue;
    for (const row of tableOf(world, table)) {
      if (row.id === own) continue;
      const same = (other: Values | null | undefined): boolean => other != null && index.columns.every((column) => other[column] === values[column]);
      const writer = writerOf(row);
      if (writer !== null && writer !== session && (same(row.versions.at(-1)?.values) || same(currentFor(row, session)))) return { kind: 'wait', on: [writer] };
      if (same(currentFor(row, session))) return { kind: 'taken', row };
    }
  }
  return null;
}

function sameColumns(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((column) => other.includes(column));
}
