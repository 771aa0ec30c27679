import { childrenOf, findDomain, foreignKeysTo, indexesOf, resolveIn, resolveRelation, sequencesOf, viewsOn, type Column, type Table } from '../catalog.js';
import type { QualifiedName, TypeName } from '../definition.js';
import { viewsOnColumn } from '../fold/views.js';
import type { StepOf } from '../step.js';
import { dropForeignKey, isLax, referrers } from './foreign-keys.js';
import { defaultPartition } from './partitions.js';
import { lock, lockParents, refuse, rewrite, scan, withDescendants, type Work } from './work.js';

const EXCLUSIVE = 'AccessExclusiveLock';

function firstDependent(work: Work, table: Table, together: ReadonlySet<string>): string | null {
  const referrer = foreignKeysTo(work.catalog, table.key).find((each) => !together.has(each.table.key));
  if (referrer !== undefined) return `constraint ${referrer.constraint.name} on table ${referrer.table.name}`;
  const view = viewsOn(work.catalog, table.key).find((each) => !together.has(each.key));
  if (view !== undefined) return `view ${view.name}`;
  const child = childrenOf(work.catalog, table.key).find((each) => each.partitionOf === null && !together.has(each.key));
  return child === undefined ? null : `table ${child.name}`;
}

function dropOneTable(work: Work, table: Table, cascade: boolean, together: ReadonlySet<string>): void {
  lock(work, table.key, EXCLUSIVE);
  if (table.partitionOf !== null && !together.has(table.partitionOf.parent)) {
    lock(work, table.partitionOf.parent, EXCLUSIVE);
    const fallback = defaultPartition(work, table.partitionOf.parent);
    if (fallback !== undefined) lock(work, fallback.key, EXCLUSIVE);
  }
  for (const constraint of table.constraints.values()) if (constraint.referenced !== null && !isLax(constraint) && !(constraint.inherited && table.partitionOf !== null)) dropForeignKey(work, constraint.referenced);
  // Where foreign keys lead to the whole table, no partition of it can go by itself.
  const leading = work.target.version >= 12 && table.partitionOf !== null && !together.has(table.partitionOf.parent) ? referrers(work, table.partitionOf.parent)[0] : undefined;
  if (cascade && leading !== undefined && table.partitionOf !== null) {
    for (const each of referrers(work, table.partitionOf.parent)) lock(work, each.table.key, EXCLUSIVE);
    for (const each of withDescendants(work.catalog, table.partitionOf.parent)) lock(work, each, EXCLUSIVE);
  }
  if (!cascade && leading !== undefined) refuse(work, `cannot drop table ${table.name} because other objects depend on it: constraint ${leading.constraint.name} on table ${leading.table.name}`);
  const dependent = cascade ? null : firstDependent(work, table, together);
  if (dependent !== null) refuse(work, `cannot drop table ${table.name} because other objects depend on it: ${dependent}`);
  for (const each of foreignKeysTo(work.catalog, table.key)) lock(work, each.table.key, EXCLUSIVE);
  for (const view of viewsOn(work.catalog, table.key)) lock(work, view.key, EXCLUSIVE);
  for (const sequence of sequencesOf(work.catalog, table.key)) dropSequence(work, sequence.key, cascade, together);
}

/** Tables that go together: partitions with their parents, and with CASCADE tables that inherit. */
function goingTogether(work: Work, keys: readonly string[], cascade: boolean): Set<string> {
  const together = new Set(keys);
  for (const key of together) for (const child of childrenOf(work.catalog, key)) if (cascade || child.partitionOf !== null) together.add(child.key);
  return together;
}

export function dropTableEffect(work: Work, step: StepOf<'drop-table'>): void {
  const named = step.tables.map((name) => resolveRelation(work.catalog, name));
  const together = goingTogether(work, named, step.cascade);
  for (const key of together) {
    const table = work.catalog.tables.get(key);
    if (table !== undefined) dropOneTable(work, table, step.cascade, together);
    else if (work.catalog.views.has(key)) refuse(work, `"${key.slice(key.indexOf('.') + 1)}" is not a table`);
    else if (!step.ifExists) lock(work, key, EXCLUSIVE);
  }
}

export function dropViewEffect(work: Work, step: StepOf<'drop-view'>): void {
  const named = step.views.map((name) => resolveRelation(work.catalog, name));
  for (const key of named) {
    const view = work.catalog.views.get(key);
    if (view !== undefined || !step.ifExists) lock(work, key, EXCLUSIVE);
    if (view !== undefined && view.materialized !== step.materialized) refuse(work, `"${view.name}" is not a ${step.materialized ? 'materialized ' : ''}view`);
    const dependents = viewsOn(work.catalog, key).filter((each) => !named.includes(each.key));
    if (!step.cascade && dependents[0] !== undefined) refuse(work, `cannot drop view ${view?.name ?? key} because other objects depend on it: view ${dependents[0].name}`);
    for (const each of dependents) lock(work, each.key, EXCLUSIVE);
  }
}

// A file that nobody else has seen is emptied as it is, and its indexes are built anew.
function empty(work: Work, key: string): void {
  if (!work.renewed.has(key)) rewrite(work, key);
  else if (indexesOf(work.catalog, key).length > 0) scan(work, key);
}

export function truncateEffect(work: Work, step: StepOf<'truncate'>): void {
  const keys = [...new Set(step.tables.flatMap((name) => (name.only === true ? [resolveRelation(work.catalog, name)] : withDescendants(work.catalog, resolveRelation(work.catalog, name)))))];
  for (let at = 0; at < keys.length; at += 1) {
    for (const { table } of referrers(work, keys[at] ?? '')) {
      const others = withDescendants(work.catalog, table.key).filter((key) => !keys.includes(key));
      if (others.length > 0 && step.cascade) keys.push(...others);
      else if (others.length > 0) refuse(work, `cannot truncate a table referenced in a foreign key constraint: table "${table.name}"`);
    }
  }
  for (const key of keys) {
    lock(work, key, EXCLUSIVE);
    if (work.target.version < 14) lockParents(work, key);
    if (work.catalog.tables.get(key)?.partitionBy == null) empty(work, key);
    else if (step.tables.some((name) => name.only === true && resolveRelation(work.catalog, name) === key)) refuse(work, 'cannot truncate only a partitioned table');
    if (work.catalog.views.has(key)) refuse(work, `"${key.slice(key.indexOf('.') + 1)}" is not a table`);
  }
  if (step.restartIdentity) for (const key of keys) for (const sequence of sequencesOf(work.catalog, key)) lock(work, sequence.key, EXCLUSIVE);
}

function usesSequence(column: Column, sequence: string, name: string): boolean {
  const text = column.default?.text ?? '';
  return column.default?.functions.some((called) => called.name === 'nextval') === true && (text.includes(`'${name}'`) || text.includes(`'${sequence}'`) || text.includes(`"${name}"`));
}

function dropSequence(work: Work, key: string, cascade: boolean, together: ReadonlySet<string>): void {
  lock(work, key, EXCLUSIVE);
  const sequence = work.catalog.sequences.get(key);
  if (sequence === undefined) return;
  for (const table of work.catalog.tables.values()) {
    if (together.has(table.key)) continue;
    const owner = sequence.ownedBy?.table === table.key ? table.columns.get(sequence.ownedBy.column) : undefined;
    if (owner?.identity != null) refuse(work, `cannot drop sequence ${sequence.name} because column ${owner.name} of table ${table.name} requires it`);
    const used = [...table.columns.values()].find((column) => usesSequence(column, key, sequence.name) || (column === owner && column.default?.functions.some((called) => called.name === 'nextval') === true));
    if (used === undefined) continue;
    lock(work, table.key, EXCLUSIVE);
    if (!cascade) refuse(work, `cannot drop sequence ${sequence.name} because other objects depend on it: default value for column ${used.name} of table ${table.name}`);
  }
}

export function dropSequenceEffect(work: Work, step: StepOf<'drop-sequence'>): void {
  for (const name of step.sequences) {
    const key = resolveRelation(work.catalog, name);
    if (!step.ifExists || work.catalog.sequences.has(key)) dropSequence(work, key, step.cascade, new Set());
  }
}

/** DROP SCHEMA … CASCADE: as dropping everything in it. */
export function dropSchemaEffect(work: Work, step: StepOf<'drop-schema'>): void {
  const inside = (each: { readonly schema: string }): boolean => step.schemas.includes(each.schema);
  const tables = [...work.catalog.tables.values()].filter(inside);
  const views = [...work.catalog.views.values()].filter(inside);
  const sequences = [...work.catalog.sequences.values()].filter(inside);
  if (!step.cascade && tables.length + views.length + sequences.length > 0) refuse(work, `cannot drop schema ${step.schemas.join(', ')} because other objects depend on it`);
  const together = goingTogether(work, tables.map((table) => table.key), true);
  for (const key of together) {
    const table = work.catalog.tables.get(key);
    if (table !== undefined) dropOneTable(work, table, true, together);
  }
  for (const view of views) {
    lock(work, view.key, EXCLUSIVE);
    for (const outer of viewsOn(work.catalog, view.key)) lock(work, outer.key, EXCLUSIVE);
  }
  for (const sequence of sequences) dropSequence(work, sequence.key, true, together);
  const types = (key: string): boolean => inside({ schema: key.slice(0, key.indexOf('.')) });
  lockUsers(work, [...work.catalog.enums.keys(), ...work.catalog.domains.keys(), ...work.catalog.composites.keys()].filter(types), true, '');
  lockCallers(work, [...work.catalog.functions.keys()].filter(types), true, '');
}

const TYPES = ['enums', 'domains', 'composites'] as const;

/** Whether a column's type is one of some types, or a domain over one. */
export function usesType(work: Work, type: TypeName, keys: readonly string[]): boolean {
  let each: TypeName | undefined = { ...type, array: false };
  for (let depth = 0; each !== undefined && depth < 20; depth += 1) {
    if (keys.includes(resolveIn(work.catalog, each, TYPES))) return true;
    each = findDomain(work.catalog, { ...each, array: false })?.type;
  }
  return false;
}

// With CASCADE the columns of a type go with it, and what leans on those.
function lockUsers(work: Work, keys: readonly string[], cascade: boolean, what: string): void {
  for (const table of keys.length === 0 ? [] : work.catalog.tables.values()) {
    const column = [...table.columns.values()].find((each) => usesType(work, each.type, keys));
    if (column === undefined) continue;
    if (cascade) lock(work, table.key, EXCLUSIVE);
    else refuse(work, `cannot drop type ${what} because other objects depend on it: column ${column.name} of table ${table.name}`);
    for (const view of viewsOnColumn(work.catalog, table.key, column.name)) lock(work, view, EXCLUSIVE);
  }
}

/** DROP TYPE and DOMAIN. */
export function dropTypeEffect(work: Work, step: StepOf<'drop-type'>): void {
  lockUsers(work, step.types.map((type) => resolveIn(work.catalog, type, TYPES)), step.cascade, step.types[0]?.name ?? '');
}

/** DROP FUNCTION: with CASCADE the triggers that call it go, and the defaults. */
export function dropFunctionEffect(work: Work, step: StepOf<'drop-function'>): void {
  lockCallers(work, step.functions.map((name) => resolveIn(work.catalog, name, ['functions'])), step.cascade, step.functions[0]?.name ?? '');
}

function lockCallers(work: Work, keys: readonly string[], cascade: boolean, what: string): void {
  const called = (name: QualifiedName): boolean => keys.includes(resolveIn(work.catalog, name, ['functions']));
  for (const table of keys.length === 0 ? [] : work.catalog.tables.values()) {
    const trigger = [...table.triggers.values()].some((each) => keys.includes(each));
    const column = [...table.columns.values()].find((each) => each.default?.functions.some(called) === true);
    if (!trigger && column === undefined) continue;
    if (cascade) lock(work, table.key, EXCLUSIVE);
    else refuse(work, `cannot drop function ${what} because other objects depend on it: ${trigger ? 'a trigger on' : `default value for column ${column?.name ?? ''} of`} table ${table.name}`);
  }
}
