import type { PicturedTable } from './data.js';
import { sameValue } from './same-value.js';

type Row = readonly (string | null)[];

export interface PairedRows {
  /** A row of before with what became of it. */
  readonly pairs: readonly (readonly [before: Row, after: Row])[];
  /** Rows of before that are not there any more. */
  readonly lost: number;
}

/** Beyond this many rows that no key tells apart, only equal ones are found again. */
const MOST_COMPARED = 100;

/** Finds the rows of one picture in another: by their key, else by all their values, else by the most values that they share. */
export function pairRows(before: PicturedTable, after: PicturedTable): PairedRows {
  const pairs: (readonly [Row, Row])[] = [];
  const places = before.columns.map(({ name }) => after.columns.findIndex((column) => column.name === name));
  const keyed = before.key.length > 0 && before.key.every((name) => after.columns.some((column) => column.name === name)) ? before.key : null;
  let [old, now] = [[...before.rows], [...after.rows]];
  const match = (keyOld: (row: Row) => string | null, keyNow: (row: Row) => string | null): void => {
    const byKey = new Map<string, Row[]>();
    for (const row of now) {
      const key = keyNow(row);
      if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), row]);
    }
    const taken = new Set<Row>();
    old = old.filter((row) => {
      const key = keyOld(row);
      const found = key === null ? undefined : byKey.get(key)?.shift();
      if (found === undefined) return true;
      taken.add(found);
      pairs.push([row, found]);
      return false;
    });
    now = now.filter((row) => !taken.has(row));
  };
  const keyBy = (table: PicturedTable, names: readonly string[]) => {
    const at = names.map((name) => table.columns.findIndex((column) => column.name === name));
    return (row: Row): string | null => (at.some((place) => row[place] === null) ? null : JSON.stringify(at.map((place) => row[place])));
  };
  if (keyed !== null) match(keyBy(before, keyed), keyBy(after, keyed));
  match((row) => JSON.stringify(row.filter((_, at) => places[at] !== -1)), (row) => JSON.stringify(places.filter((place) => place !== -1).map((place) => row[place])));
  for (const row of old.length <= MOST_COMPARED && now.length <= MOST_COMPARED ? [...old] : []) {
    const best = closest(row, now, before, after, places);
    if (best === null) continue;
    pairs.push([row, best]);
    old.splice(old.indexOf(row), 1);
    now.splice(now.indexOf(best), 1);
  }
  return { pairs, lost: old.length };
}

/** The row that shares most values, where that is more than half of them. */
function closest(row: Row, rows: readonly Row[], before: PicturedTable, after: PicturedTable, places: readonly number[]): Row | null {
  let [best, most]: [Row | null, number] = [null, row.length / 2];
  for (const other of rows) {
    const shared = row.filter((value, at) => {
      const place = places[at] ?? -1;
      return place !== -1 && sameValue(value, before.columns[at]?.type ?? '', other[place] ?? null, after.columns[place]?.type ?? '');
    }).length;
    if (shared > most) [best, most] = [other, shared];
  }
  return best;
}
