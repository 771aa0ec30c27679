import { findDomain, type Table } from '../catalog.js';
import type { QualifiedName, TypeName } from '../definition.js';
import type { Work } from './work.js';

/** Whether a column holds the domain inside an array or a composite type: then the server does not check its values. */
export function isWrapped(work: Work, domain: QualifiedName): string | null {
  const key = findDomain(work.catalog, { ...domain, modifiers: [], array: false })?.key;
  const holds = (type: TypeName): boolean => type.array && findDomain(work.catalog, { ...type, array: false })?.key === key;
  for (const table of key === undefined ? [] : work.catalog.tables.values()) {
    const column = [...table.columns.values()].find((each) => holds(each.type));
    if (column !== undefined) return `${table.name}.${column.name}`;
  }
  return null;
}

/** Tables with a column of a domain, or of a domain over it. */
export function domainUsers(work: Work, domain: QualifiedName): Table[] {
  const key = findDomain(work.catalog, { ...domain, modifiers: [], array: false })?.key;
  const isOf = (type: TypeName): boolean => {
    let each = findDomain(work.catalog, type);
    for (let depth = 0; each !== undefined && depth < 20; depth += 1) {
      if (each.key === key) return true;
      each = findDomain(work.catalog, each.type);
    }
    return false;
  };
  return key === undefined ? [] : [...work.catalog.tables.values()].filter((table) => [...table.columns.values()].some((column) => isOf(column.type)));
}
