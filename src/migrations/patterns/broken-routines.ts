import { lineIndex } from '../../languages/line-index.js';
import { resolveRelation, type Catalog, type FunctionFact } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import type { Migration } from '../migration.js';
import { displayName } from '../describe.js';
import { readRoutine } from '../sql/routine/read-routine.js';
import type { Draft } from '../sql/statement.js';
import { readStatement } from '../sql/steps.js';
import type { StepBody } from '../step.js';
import { mentionsWord } from './copies.js';

/** A function that the history shows and that fails from now on, because its body names what is gone. */
export interface BrokenRoutine {
  /** "trigger function `stamp` of `users`", "function `total`". */
  readonly words: string;
  readonly name: string;
  /** The tables whose every write calls it. */
  readonly triggersOn: readonly string[];
  /** What its call is told. */
  readonly error: string;
}

type Definition = NonNullable<FunctionFact['definition']>;

function draftsOf(definition: Definition): readonly Draft[] {
  return readRoutine(definition, [], lineIndex(definition.body), 0, readStatement) ?? [];
}

/** Tables by the function that one of their triggers calls. */
function triggered(catalog: Catalog, functionKey: string): readonly string[] {
  return [...catalog.tables.values()].flatMap((table) => ([...table.triggers.values()].includes(functionKey) ? [table.key] : []));
}

function nameOf(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}

/** Whether it may be gone: a temporary one, or one that an ALTER FUNCTION of the history names, whose new name or schema is not followed. */
function isGone(history: readonly Migration[], functionKey: string): boolean {
  const name = nameOf(functionKey);
  if (functionKey.startsWith('pg_temp.')) return true;
  return history.some(({ up }) => up.some((step) => step.kind === 'raw' && /^\s*alter\s+(?:function|procedure|routine)\b/i.test(step.statement) && mentionsWord(step.statement, name)));
}

function routineWords(key: string, on: readonly string[]): string {
  return on.length === 0 ? `function \`${displayName(key)}\`` : `trigger function \`${displayName(key)}\` of ${on.map((table) => `\`${displayName(table)}\``).join(' and ')}`;
}

/** Functions in `after` whose body uses a column that a table no longer has under this name. */
export function brokenByColumn(after: Catalog, history: readonly Migration[], key: string, column: string): readonly BrokenRoutine[] {
  const table = nameOf(key);
  return [...after.functions].flatMap(([functionKey, { definition }]) => {
    if (definition === undefined || isGone(history, functionKey) || !mentionsWord(definition.body, column)) return [];
    const on = triggered(after, functionKey);
    const found = { words: routineWords(functionKey, on), name: functionKey, triggersOn: on };
    if (on.length > 0 && on.every((each) => each === key) && mentionsRecord(definition.body, column)) return [{ ...found, error: `record "new" has no field "${column}"` }];
    if (!mentionsWord(definition.body, table) || !draftsOf(definition).some(({ body }) => usesColumn(body, after, key, column))) return [];
    return [{ ...found, error: `column "${column}" does not exist` }];
  });
}

/** Functions in `after` whose body reads or writes a table that is gone. */
export function brokenByTable(after: Catalog, history: readonly Migration[], key: string): readonly BrokenRoutine[] {
  return [...after.functions].flatMap(([functionKey, { definition }]) => {
    if (definition === undefined || isGone(history, functionKey) || !mentionsWord(definition.body, nameOf(key))) return [];
    if (!draftsOf(definition).some(({ body }) => tablesIn(body).some((name) => resolveRelation(after, name) === key))) return [];
    const on = triggered(after, functionKey);
    return [{ words: routineWords(functionKey, on), name: functionKey, triggersOn: on, error: `relation "${displayName(key)}" does not exist` }];
  });
}

/** NEW.column or OLD.column, quoted or not. */
function mentionsRecord(body: string, column: string): boolean {
  for (const match of body.matchAll(/\b(?:new|old)\s*\.\s*("(?:[^"]|"")*"|\w+)/gi)) {
    const name = match[1] ?? '';
    if ((name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase()) === column) return true;
  }
  return false;
}

function tablesIn(body: StepBody): readonly QualifiedName[] {
  switch (body.kind) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return [body.table, ...body.reads];
    case 'select':
    case 'create-table-as':
      return body.query.reads;
    default:
      return [];
  }
}

/** Whether a statement certainly means this table's column: as a target, or where no other table is read. */
function usesColumn(body: StepBody, catalog: Catalog, key: string, column: string): boolean {
  const isTable = (name: QualifiedName): boolean => resolveRelation(catalog, name) === key;
  switch (body.kind) {
    case 'insert':
      return (isTable(body.table) && body.columns.includes(column)) || (body.query !== null && onlyReads(body.query, isTable, column));
    case 'update':
      return isTable(body.table) && (body.columns.includes(column) || (body.reads.length === 0 && mentionsBare(body.predicate?.text ?? '', column)));
    case 'delete':
      return isTable(body.table) && body.reads.length === 0 && mentionsBare(body.predicate?.text ?? '', column);
    case 'select':
      return onlyReads(body.query, isTable, column);
    default:
      return false;
  }
}

/** Whether a text mentions a column by its bare name: behind a dot it may be of NEW, OLD or another table. */
function mentionsBare(text: string, column: string): boolean {
  for (let at = text.indexOf(column); at !== -1; at = text.indexOf(column, at + 1)) {
    const before = text.slice(Math.max(0, at - 40), at).replace(/"$/, '').trimEnd().at(-1) ?? ' ';
    if (!/[\w$.]/.test(before) && !/[\w$]/.test(text[at + column.length] ?? ' ')) return true;
  }
  return false;
}

function onlyReads(query: { readonly text: string; readonly reads: readonly QualifiedName[] }, isTable: (name: QualifiedName) => boolean, column: string): boolean {
  return query.reads.length === 1 && query.reads.every(isTable) && mentionsBare(query.text, column);
}
