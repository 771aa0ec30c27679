import { resolveIn, resolveRelation, type Catalog } from './catalog.js';
import type { QualifiedName } from './definition.js';
import type { Step } from './step.js';

/** What a condition of a DO block or routine asks the server's catalogs for. */
export type TestedObject =
  /** `index`: an index is meant too. */
  | { readonly kind: 'relation'; readonly name: QualifiedName; readonly index: boolean }
  | { readonly kind: 'column'; readonly table: QualifiedName; readonly column: string }
  | { readonly kind: 'constraint' | 'trigger' | 'policy'; readonly table: QualifiedName | null; readonly name: string }
  | { readonly kind: 'index'; readonly table: QualifiedName | null; readonly name: QualifiedName }
  | { readonly kind: 'type'; readonly name: QualifiedName };

/** One question, however often its answer matters: it is asked once, before what depends on it has run. */
export interface CatalogQuestion {
  readonly object: TestedObject;
  /** Whether the query asks for more than that it is there (its type, its definition), which is not looked at. */
  readonly more: boolean;
}

/** What has to be so for a step to run: that something is there, or that it is not. */
export interface CatalogTest {
  readonly question: CatalogQuestion;
  readonly there: boolean;
}

/** Whether the catalog has it; null where the history does not show enough to say so. */
function isThere(catalog: Catalog, object: TestedObject): boolean | null {
  switch (object.kind) {
    case 'relation': {
      const key = resolveRelation(catalog, object.name);
      if (catalog.tables.has(key) || catalog.views.has(key) || catalog.sequences.has(key) || (object.index && catalog.indexes.has(key))) return true;
      return showsAll(catalog) ? false : null;
    }
    case 'column': {
      const table = catalog.tables.get(resolveRelation(catalog, object.table));
      if (table === undefined) return null;
      return table.columns.has(object.column) ? true : table.complete ? false : null;
    }
    case 'index':
      return catalog.indexes.has(resolveRelation(catalog, object.name)) ? true : showsTable(catalog, object.table) ? false : null;
    case 'type': {
      const key = resolveIn(catalog, object.name, ['enums', 'domains', 'composites']);
      return catalog.enums.has(key) || catalog.domains.has(key) || catalog.composites.has(key) || catalog.types.has(key) ? true : showsAll(catalog) ? false : null;
    }
    default:
      return hasPart(catalog, object);
  }
}

function hasPart(catalog: Catalog, { kind, table, name }: Extract<TestedObject, { kind: 'constraint' | 'trigger' | 'policy' }>): boolean | null {
  const named = table === null ? null : catalog.tables.get(resolveRelation(catalog, table));
  if (named === undefined) return null;
  const parts = { constraint: 'constraints', trigger: 'triggers', policy: 'policies' } as const;
  if ((named === null ? [...catalog.tables.values()] : [named]).some((each) => each[parts[kind]].has(name))) return true;
  return showsTable(catalog, table) ? false : null;
}

/** Whether the history shows every table from its beginning. */
function showsAll(catalog: Catalog): boolean {
  return catalog.tables.size > 0 && [...catalog.tables.values()].every((table) => table.complete);
}

function showsTable(catalog: Catalog, table: QualifiedName | null): boolean {
  return table === null ? showsAll(catalog) : catalog.tables.get(resolveRelation(catalog, table))?.complete === true;
}

/**
 * Tells of the steps of one migration, each on the catalog before it, whether they run: not where a condition that they stand
 * under is known not to hold. What cannot be decided runs.
 */
export function openConditions(): (step: Step, catalog: Catalog) => boolean {
  const answers = new Map<CatalogQuestion, boolean | null>();
  const answer = (catalog: Catalog, question: CatalogQuestion): boolean | null => {
    const known = answers.get(question);
    if (known !== undefined) return known;
    const there = isThere(catalog, question.object);
    const told = there === true && question.more ? null : there;
    answers.set(question, told);
    return told;
  };
  return (step, catalog) => (step.tests ?? []).every(({ question, there }) => (answer(catalog, question) ?? there) === there);
}

/** What stands in the place of a step that does not run. */
export function notRun(step: Step): Step {
  const { span, statement, statementSpan, wholeLines, statementIndex, block } = step;
  return { kind: 'do-block', language: 'plpgsql', body: '', span, statement, statementSpan, wholeLines, statementIndex, ...(block === undefined ? {} : { block }) };
}
