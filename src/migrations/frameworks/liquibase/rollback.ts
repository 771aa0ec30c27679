import type { Element } from './element.js';

function as(element: Element, name: string, attributes: Readonly<Record<string, string | undefined>> = {}): Element {
  const own = new Map(element.attributes);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) own.set(key, value);
  return { ...element, name, attributes: own };
}

function swapped(element: Element, one: string, other: string): Element {
  return as(element, element.name, { [one]: element.attributes.get(other), [other]: element.attributes.get(one) });
}

/** Changes that leave nothing to undo. */
const NOTHING = new Set(['tagDatabase', 'empty', 'output', 'comment', 'preConditions', 'validCheckSum']);

type Inverse = (element: Element) => readonly Element[];

const INVERSES: Readonly<Record<string, Inverse>> = {
  createTable: (element) => [as(element, 'dropTable')],
  addColumn: (element) => [as(element, 'dropColumn')],
  addForeignKeyConstraint: (element) => [as(element, 'dropForeignKeyConstraint')],
  addPrimaryKey: (element) => [as(element, 'dropPrimaryKey')],
  addUniqueConstraint: (element) => [as(element, 'dropUniqueConstraint')],
  addNotNullConstraint: (element) => [as(element, 'dropNotNullConstraint')],
  dropNotNullConstraint: (element) => [as(element, 'addNotNullConstraint')],
  addDefaultValue: (element) => [as(element, 'dropDefaultValue')],
  createIndex: (element) => [as(element, 'dropIndex')],
  createView: (element) => [as(element, 'dropView')],
  createSequence: (element) => [as(element, 'dropSequence')],
  renameTable: (element) => [swapped(element, 'oldTableName', 'newTableName')],
  renameColumn: (element) => [swapped(element, 'oldColumnName', 'newColumnName')],
  renameView: (element) => [swapped(element, 'oldViewName', 'newViewName')],
  renameSequence: (element) => [swapped(element, 'oldSequenceName', 'newSequenceName')],
  addLookupTable: (element) => [
    as(element, 'dropForeignKeyConstraint', { baseTableName: element.attributes.get('existingTableName'), constraintName: element.attributes.get('constraintName') }),
    as(element, 'dropTable', { tableName: element.attributes.get('newTableName') }),
  ],
};

/** The changes by which Liquibase undoes some changes on its own, last one first; null when one of them has no way back. */
export function inverses(changes: readonly Element[]): readonly Element[] | null {
  const found: Element[] = [];
  for (const change of changes.toReversed()) {
    if (NOTHING.has(change.name)) continue;
    const inverse = Object.hasOwn(INVERSES, change.name) ? INVERSES[change.name] : undefined;
    if (inverse === undefined) return null;
    found.push(...inverse(change));
  }
  return found;
}
