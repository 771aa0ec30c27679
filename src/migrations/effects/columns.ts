import { indexesOf, resolveRelation, type Catalog, type Table } from '../catalog.js';
import type { ColumnDefinition } from '../definition.js';
import { isSerial } from '../fold/columns.js';
import { mentionsColumn } from '../fold/constraints.js';
import { viewsOnColumn } from '../fold/views.js';
import type { StepOf } from '../step.js';
import { addedConstraint, lockForeignKeyPartners } from './constraints.js';
import { typeChange } from './type-change.js';
import { isConstrainedDomain, isVolatile } from './volatility.js';
import { buildIndex, lock, lockTree, rebuildIndex, refuse, rewriteTree, scan, scanTree, withDescendants, type Work } from './work.js';

/** No default, or one that says NULL. */
export function isNullConstant(definition: ColumnDefinition): boolean {
  return definition.default === null || /^null(?:\s*::.*)?$/is.test(definition.default.text.trim());
}

/** Why adding this column writes every row anew; null when it does not. */
export function rewriteReason(catalog: Catalog, definition: ColumnDefinition, version: number): 'volatile-default' | 'default-before-11' | 'identity' | 'serial' | 'generated' | 'domain' | null {
  if (definition.generated?.kind === 'stored') return 'generated';
  if (definition.identity !== null) return 'identity';
  if (isSerial(definition.type)) return 'serial';
  if (isConstrainedDomain(catalog, definition.type)) return 'domain';
  if (definition.default === null || isNullConstant(definition)) return null;
  if (isVolatile(catalog, definition.default) !== 'no') return 'volatile-default';
  return version < 11 ? 'default-before-11' : null;
}

export function addColumnEffect(work: Work, step: StepOf<'add-column'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const { column } = step;
  const { version } = work.target;
  lockTree(work, key, 'AccessExclusiveLock');
  if (work.catalog.tables.get(key)?.columns.has(column.name) === true) {
    if (!step.ifNotExists) refuse(work, `column "${column.name}" of relation "${step.table.name}" already exists`);
    return;
  }
  if (work.catalog.tables.get(key)?.partitionOf != null) refuse(work, 'cannot add column to a partition');
  if (column.generated?.kind === 'virtual' && version < 18) refuse(work, 'virtual generated columns need Postgres 18');
  if (column.generated?.kind === 'stored' && version < 12) refuse(work, 'generated columns need Postgres 12');
  if (column.default?.functions.some((name) => name.name === 'gen_random_uuid') === true && version < 13) work.guessed = true;
  const reason = rewriteReason(work.catalog, column, version);
  if (reason !== null) rewriteTree(work, key);
  if (reason === 'volatile-default' && column.default !== null && isVolatile(work.catalog, column.default) === 'unknown') work.guessed = true;
  for (const constraint of column.constraints) {
    // A new column without a default holds only NULL, which every foreign key accepts.
    const unchecked = constraint.kind === 'foreign-key' && column.default === null;
    addedConstraint(work, key, unchecked ? { ...constraint, notValid: true } : constraint);
  }
}

export function dropColumnEffect(work: Work, step: StepOf<'drop-column'>): void {
  const key = resolveRelation(work.catalog, step.table);
  lockTree(work, key, 'AccessExclusiveLock');
  lockForeignKeyPartners(work, key, [step.column], 'AccessExclusiveLock', step.cascade);
  const views = viewsOnColumn(work.catalog, key, step.column);
  if (step.cascade) for (const view of views) lock(work, view, 'AccessExclusiveLock');
  const blocking = blockingView(work.catalog, key, step.column);
  if (!step.cascade && blocking !== undefined) refuse(work, `cannot drop column ${step.column} of table ${step.table.name} because other objects depend on it: view ${blocking}`);
  for (const sequence of work.catalog.sequences.values()) {
    if (sequence.ownedBy?.table === key && sequence.ownedBy.column === step.column) lock(work, sequence.key, 'AccessExclusiveLock');
  }
}

/** A view that certainly uses a column: it reads nothing but this table and names the column. */
function blockingView(catalog: Catalog, key: string, column: string): string | undefined {
  return [...catalog.views.values()].find((view) => view.reads.length === 1 && view.reads[0] === key && view.columns.includes(column))?.name;
}

function lockIdentity(work: Work, key: string, column: string): void {
  if (work.catalog.tables.get(key)?.columns.get(column)?.identity == null) return;
  for (const sequence of work.catalog.sequences.values()) if (sequence.ownedBy?.table === key && sequence.ownedBy.column === column) lock(work, sequence.key, 'ShareRowExclusiveLock');
}

/** Whether a validated CHECK spares SET NOT NULL its scan (from Postgres 12). */
export function provenByCheck(table: Table | undefined, column: string): boolean {
  return [...(table?.constraints.values() ?? [])].some((each) => each.valid && each.definition.kind === 'check' && each.definition.provesNotNull.includes(column));
}

export function setNotNullEffect(work: Work, step: StepOf<'set-not-null'>): void {
  const key = resolveRelation(work.catalog, step.table);
  lockTree(work, key, 'AccessExclusiveLock');
  for (const each of withDescendants(work.catalog, key)) {
    const table = work.catalog.tables.get(each);
    if (table?.partitionBy != null || table?.columns.get(step.column)?.notNull === true) continue;
    if (work.target.version >= 12 && provenByCheck(table, step.column)) continue;
    scan(work, each);
  }
}

export function setTypeEffect(work: Work, step: StepOf<'set-type'>): void {
  const { catalog } = work;
  const key = resolveRelation(catalog, step.table);
  const table = catalog.tables.get(key);
  const column = table?.columns.get(step.column);
  lockTree(work, key, 'AccessExclusiveLock');
  if (column === undefined) {
    work.guessed = true;
    if (step.type.name !== 'text') rewriteTree(work, key);
    return;
  }
  const collation = (name: typeof step.collation): string => name?.name ?? 'default';
  const change = typeChange(catalog, column, step.type, step.using, collation(column.collation) !== collation(step.collation), work.target.version);
  if (change === 'rewrite') rewriteTree(work, key);
  const indexes = indexesOf(catalog, key).filter((index) => index.mentions.includes(step.column));
  // Indexes with expressions or a predicate are never taken over as they are.
  const rebuilt = change === 'index' ? indexes : indexes.filter((index) => index.partial || index.columns.includes(null));
  if (change !== 'rewrite' && rebuilt.length > 0) {
    buildIndex(work, key);
    for (const index of rebuilt) rebuildIndex(work, index.key);
    scanTree(work, key);
  }
  const checks = [...(table?.constraints.values() ?? [])].filter((each) => each.valid && each.definition.kind === 'check' && mentionsColumn(each.definition, step.column));
  if (change !== 'rewrite' && checks.length > 0) scanTree(work, key);
  lockForeignKeyPartners(work, key, [step.column], 'AccessExclusiveLock', true, column.type.name !== step.type.name);
  lockIdentity(work, key, step.column);
  const blocking = blockingView(catalog, key, step.column);
  if (blocking !== undefined) refuse(work, `cannot alter type of a column used by a view or rule: view ${blocking} depends on column "${step.column}"`);
}
