import { resolveRelation, type Catalog } from '../catalog.js';
import type { Step } from '../step.js';

/** Steps whose work cannot be told: they may copy or fill anything. */
export function isUnknownWork(step: Step): boolean {
  return step.kind === 'opaque' || step.kind === 'do-block' || step.kind === 'call' || step.kind === 'merge' || step.kind === 'copy';
}

/** Whether a step writes what it reads from a table to another: INSERT … SELECT, CREATE TABLE AS, UPDATE … FROM. */
export function copiesFrom(step: Step, catalog: Catalog, key: string): boolean {
  const reads = readsOf(step);
  return reads.some((name) => resolveRelation(catalog, name) === key);
}

function readsOf(step: Step): readonly { readonly schema: string | null; readonly name: string }[] {
  switch (step.kind) {
    case 'insert':
      return step.boundedness === 'rows' ? [] : step.reads;
    case 'update':
      return step.reads;
    case 'create-table-as':
    case 'create-materialized-view':
      return step.query.reads;
    default:
      return [];
  }
}

/** Whether the text of a statement mentions a name as a word, quoted or not. */
export function mentionsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!/[\w$]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[at + word.length] ?? ' ')) return true;
  }
  return false;
}
