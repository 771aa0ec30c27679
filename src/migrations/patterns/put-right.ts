import { resolveRelation, type Catalog } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import { quoteLiteral } from '../quote.js';
import type { Step } from '../step.js';
import { isUnknownWork, mentionsWord } from './copies.js';

function leadsTo(catalog: Catalog, table: QualifiedName, key: string): boolean {
  return resolveRelation(catalog, table) === key;
}

/** Whether steps take every row out of a table. */
export function areRowsRemoved(steps: readonly Step[], catalog: Catalog, key: string): boolean {
  return steps.some((step) => {
    if (step.kind === 'truncate') return step.tables.some((table) => leadsTo(catalog, table, key));
    return step.kind === 'delete' && step.boundedness === 'all' && leadsTo(catalog, step.table, key);
  });
}

/** Whether a table is empty behind steps: TRUNCATE gave it a new file, and nothing has filled it since. */
export function isTruncated(steps: readonly Step[], catalog: Catalog, key: string): boolean {
  const at = steps.findLastIndex((step) => step.kind === 'truncate' && step.tables.some((table) => leadsTo(catalog, table, key)));
  return at !== -1 && !steps.slice(at + 1).some((step) => isUnknownWork(step) || (step.kind === 'insert' && leadsTo(catalog, step.table, key)));
}

/**
 * Whether steps put a column's values right, as far as one can tell: they write it, remove rows by it, or do what cannot be read
 * and mentions it. With a value, only what has to do with that value counts: it is named, or no row is left out.
 */
export function isPutRight(steps: readonly Step[], catalog: Catalog, key: string, column: string, value: string | null = null): boolean {
  if (areRowsRemoved(steps, catalog, key)) return true;
  return steps.some((step) => {
    if (isUnknownWork(step)) return mentionsWord(step.statement, column) && (value === null || step.statement.includes(quoteLiteral(value)));
    if (step.kind === 'update') return leadsTo(catalog, step.table, key) && step.columns.includes(column) && isAbout(step, value);
    return step.kind === 'delete' && leadsTo(catalog, step.table, key) && step.predicate?.columns.includes(column) === true && isAbout(step, value);
  });
}

function isAbout(step: Step & { readonly boundedness: string }, value: string | null): boolean {
  return value === null || step.boundedness === 'all' || step.statement.includes(quoteLiteral(value)) || /\bnot\s+in\b/i.test(step.statement);
}
