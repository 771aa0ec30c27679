import type { Chance } from '../random.js';
import type { Shape, ShapeColumn, ShapeConstraint, ShapeIndex, ShapeTable } from '../shape.js';
import { SAMPLE_TYPES, type SampleType } from '../types.js';

/** Makes a statement over a database, or throws `NothingToChoose` where it has nothing to make one of. */
export type Maker = (pick: Pick) => string;

/** Choices over one database. */
export interface Pick {
  readonly chance: Chance;
  readonly shape: Shape;
  table(): ShapeTable;
  /** An ordinary table: not partitioned, no partition, no child. */
  plain(): ShapeTable;
  column(table: ShapeTable): ShapeColumn;
  constraint(table: ShapeTable, types: string): ShapeConstraint;
  index(): { readonly index: ShapeIndex; readonly table: ShapeTable };
  type(): SampleType;
  /** A new name: no relation, column or constraint has it. */
  fresh(): string;
  /** `if exists`, `cascade` … now and then. */
  often(share: number, words: string): string;
}

export function picks(chance: Chance, shape: Shape): Pick {
  let count = 0;
  let last: ShapeTable | null = null;
  // Statements of one transaction are often about the same table.
  const choose = (tables: readonly ShapeTable[]): ShapeTable => {
    if (last === null || !tables.includes(last) || chance.maybe(0.5)) last = chance.one(tables);
    return last;
  };
  return {
    chance,
    shape,
    table: () => choose(shape.tables),
    plain: () => choose(shape.tables.filter((table) => table.kind === 'r' && table.parent === null)),
    column: (table) => chance.one(table.columns),
    constraint: (table, types) => chance.one(table.constraints.filter((one) => types.includes(one.type))),
    index: () => chance.one(shape.tables.flatMap((table) => table.indexes.map((index) => ({ index, table })))),
    type: () => chance.one(SAMPLE_TYPES),
    fresh: () => {
      count += 1;
      return chance.maybe(0.2) ? `"New ${String(count)}"` : `fresh_${String(count)}`;
    },
    often: (share, words) => (chance.maybe(share) ? ` ${words}` : ''),
  };
}

/** The name without its schema. */
export function bare(name: string): string {
  return /(?:"(?:[^"]|"")+"|[^."]+)$/.exec(name)?.[0] ?? name;
}

/** One of several makers. */
export function oneOf(...makers: readonly Maker[]): Maker {
  return (pick) => pick.chance.one(makers)(pick);
}
