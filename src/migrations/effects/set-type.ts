import { directViewsOn, findDomain, foreignKeysTo, indexesOf, resolveRelation, sequencesOf, type Column, type Index, type Table } from '../catalog.js';
import { mentionsColumn } from '../fold/constraints.js';
import type { StepOf } from '../step.js';
import { baseType, isComparable } from './casts.js';
import { columnError, generatedFrom, partitionKeyError, placementError, policyOn, UNORDERED } from './column-errors.js';
import { referencedColumns, remakeForeignKeys } from './foreign-keys.js';
import { reached } from './reach.js';
import { castRefusal, typeChange, type TypeChange } from './type-change.js';
import { buildIndex, knownTable, lock, lockAll, rebuildIndex, refuse, rewriteAll, scan, withDescendants, type Work } from './work.js';

const EXCLUSIVE = 'AccessExclusiveLock';

function collationName(name: Column['collation']): string {
  return name?.name ?? 'default';
}

/** Indexes that the server throws away and builds anew: those with expressions or a predicate are never taken over. */
function rebuiltIndexes(work: Work, key: string, column: string, change: TypeChange): Index[] {
  return indexesOf(work.catalog, key).filter((index) => {
    if (!index.mentions.includes(column)) return false;
    const included = !index.columns.includes(column) && index.include.includes(column);
    // What makes up an index of a partitioned table is never taken over.
    return index.partial || index.columns.includes(null) || index.parent !== null || (change === 'index' && !included);
  });
}

function changeOne(work: Work, key: string, step: StepOf<'set-type'>, change: TypeChange): void {
  const table = work.catalog.tables.get(key);
  // Indexes are made anew in name, those that are taken over too.
  if (indexesOf(work.catalog, key).some((index) => index.mentions.includes(step.column))) buildIndex(work, key);
  if (change !== 'rewrite') {
    const rebuilt = rebuiltIndexes(work, key, step.column, change);
    if (table?.partitionBy == null && rebuilt.length > 0) {
      for (const index of rebuilt) rebuildIndex(work, index.key);
      scan(work, key);
    }
    const checked = [...(table?.constraints.values() ?? [])].some((each) => each.valid && each.definition.kind === 'check' && mentionsColumn(each.definition, step.column));
    if (checked && table?.partitionBy == null) scan(work, key);
  }
  remakeForeignKeys(work, key, step.column, change === 'rewrite');
}

/** A foreign key whose other end cannot be compared with the new type. */
function incomparablePartner(work: Work, table: Table, step: StepOf<'set-type'>): string | null {
  const typeOf = (key: string, column: string | undefined): Column['type'] | undefined => (column === undefined ? undefined : key === table.key && column === step.column ? step.type : work.catalog.tables.get(key)?.columns.get(column)?.type);
  for (const { name, definition, referenced } of table.constraints.values()) {
    if (definition.kind !== 'foreign-key' || referenced === null) continue;
    const at = definition.columns.indexOf(step.column);
    const other = at === -1 ? undefined : typeOf(referenced, referencedColumns(work.catalog, referenced, definition)[at]);
    if (other !== undefined && isComparable(work.catalog, step.type, other) === 'no') return name;
  }
  for (const { table: child, constraint } of foreignKeysTo(work.catalog, table.key)) {
    if (constraint.definition.kind !== 'foreign-key') continue;
    const at = referencedColumns(work.catalog, table.key, constraint.definition).indexOf(step.column);
    const other = at === -1 ? undefined : typeOf(child.key, constraint.definition.columns[at]);
    if (other !== undefined && isComparable(work.catalog, other, step.type) === 'no') return constraint.name;
  }
  return null;
}

/** Why the server refuses it whatever the rows are; null where it does not or nobody can tell. */
function refusal(work: Work, table: Table, column: Column, step: StepOf<'set-type'>): string | null {
  const placed = placementError(table, step.column, 'alter') ?? withDescendants(work.catalog, table.key).slice(1).map((key) => partitionKeyError(work.catalog.tables.get(key), step.column, 'alter')).find((error) => error !== null);
  if (placed != null) return placed;
  if (step.only === true && withDescendants(work.catalog, table.key).length > 1) return `type of inherited column "${step.column}" must be changed in child tables too`;
  if (step.using !== null && column.generated !== null) return 'cannot specify USING when altering type of generated column';
  const cast = castRefusal(work.catalog, column, step.type, step.using, work.target.version);
  if (cast !== null) return cast;
  const partner = incomparablePartner(work, table, step);
  if (partner !== null) return `foreign key constraint "${partner}" cannot be implemented: its columns would be of types that cannot be compared`;
  const view = directViewsOn(work.catalog, table.key).find((each) => each.uses?.has(`${table.key}.${step.column}`) === true);
  if (view !== undefined) return `cannot alter type of a column used by a view or rule: view ${view.name} depends on column "${step.column}"`;
  const policy = policyOn(table, step.column);
  if (policy !== undefined) return `cannot alter type of a column used in a policy definition: policy ${policy} on table ${table.name} depends on column "${step.column}"`;
  const [generated] = generatedFrom(table, step.column);
  if (generated !== undefined) return `cannot alter type of a column used by a generated column: column "${step.column}" is used by generated column "${generated}"`;
  const base = baseType(work.catalog, step.type);
  const ordered = !UNORDERED.has(base.name) || base.array || base.schema !== null;
  const index = ordered ? undefined : indexesOf(work.catalog, table.key).find((each) => each.method === 'btree' && each.columns.includes(step.column));
  return index === undefined ? null : `data type ${base.name} has no default operator class for access method "btree": index ${index.name} cannot be built`;
}

export function setTypeEffect(work: Work, step: StepOf<'set-type'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const tables = reached(work, step, 'tree');
  lockAll(work, tables, EXCLUSIVE);
  const table = work.catalog.tables.get(key);
  const column = table?.columns.get(step.column);
  if (table === undefined || column === undefined) {
    const known = knownTable(work, key);
    if (known !== null) refuse(work, columnError(known, step.column));
    work.guessed = true;
    if (step.type.name !== 'text') rewriteAll(work, tables);
    return;
  }
  const error = refusal(work, table, column, step);
  if (error !== null) refuse(work, error);
  const collation = collationName(step.collation ?? defaultCollation(work, step));
  const change = typeChange(work.catalog, column, step.type, step.using, collationName(column.collation) !== collation, work.target.version);
  // A virtual column is computed when it is read.
  if (change === 'rewrite' && column.generated?.kind !== 'virtual') rewriteAll(work, tables);
  for (const each of tables) changeOne(work, each, step, change);
  if (column.identity !== null) for (const sequence of sequencesOf(work.catalog, key)) if (sequence.ownedBy?.column === step.column) lock(work, sequence.key, 'ShareRowExclusiveLock');
}

function defaultCollation(work: Work, step: StepOf<'set-type'>): Column['collation'] {
  return findDomain(work.catalog, step.type) === undefined && step.type.name === 'name' ? { schema: null, name: 'C' } : null;
}
