import { resolveIn, resolveRelation, sequencesOf } from '../catalog.js';
import type { StepKind, StepOf } from '../step.js';
import { columnOptionError } from './column-errors.js';
import { addColumnEffect, defaultEffect, dropColumnEffect, dropNotNullEffect, expressionEffect, identityEffect, refuseUnknownColumn, renameColumnEffect, setNotNullEffect } from './columns.js';
import { addedConstraint, alterConstraintEffect, dropConstraintEffect, renameConstraintEffect, validateConstraintEffect } from './constraints.js';
import { createTableAsEffect, createTableEffect } from './create-table.js';
import { dropTableEffect, truncateEffect } from './drops.js';
import { clusterEffect, lockTableEffect, vacuumEffect } from './maintenance.js';
import { attachPartitionEffect, detachPartitionEffect } from './partitions.js';
import { referrers } from './foreign-keys.js';
import { clusterIndexError, replicaIndexError } from './index-errors.js';
import { alters, reached } from './reach.js';
import { relationExists } from './relations.js';
import { setTypeEffect } from './set-type.js';
import { isPartitioned, knownTable, lock, lockAll, refuse, rewriteAll, withDescendants, type Work } from './work.js';

/** What works out the effect of one kind of step each. Kinds without one take no lock. */
export type Handlers = { readonly [Kind in StepKind]?: (work: Work, step: StepOf<Kind>) => void };

export const EXCLUSIVE = 'AccessExclusiveLock';

function setPersistence(work: Work, step: StepOf<'set-persistence'>): void {
  const key = resolveRelation(work.catalog, step.table);
  lock(work, key, EXCLUSIVE);
  if (work.catalog.sequences.has(key) && work.target.version < 15) refuse(work, `"${step.table.name}" is not a table`);
  const table = work.catalog.tables.get(key);
  if (isPartitioned(work, key) && work.target.version >= 18) refuse(work, `ALTER action SET ${step.unlogged ? 'UNLOGGED' : 'LOGGED'} cannot be performed on relation "${step.table.name}"`);
  if ((table?.persistence === 'unlogged') === step.unlogged) return;
  const state = step.unlogged ? 'unlogged' : 'logged';
  const opposite = step.unlogged ? 'permanent' : 'unlogged';
  const partners = step.unlogged ? referrers(work, key).map((each) => each.table.key) : [...(table?.constraints.values() ?? [])].flatMap((each) => each.referenced ?? []);
  const partner = partners.find((each) => each !== key && work.catalog.tables.get(each)?.persistence === opposite);
  if (partner !== undefined) refuse(work, `could not change table "${step.table.name}" to ${state} because it references ${step.unlogged ? 'logged' : 'unlogged'} table "${partner}"`);
  if (isPartitioned(work, key)) return;
  rewriteAll(work, [key]);
  if (work.target.version >= 15) for (const sequence of sequencesOf(work.catalog, key)) for (const mode of [EXCLUSIVE, 'RowExclusiveLock'] as const) lock(work, sequence.key, mode);
}

function renameRelation(work: Work, step: StepOf<'rename-relation'>): void {
  const key = resolveRelation(work.catalog, step.table);
  lock(work, key, EXCLUSIVE);
  const schema = key.slice(0, key.indexOf('.'));
  if (relationExists(work, `${schema}.${step.to}`)) refuse(work, `relation "${step.to}" already exists`);
}

function setSchema(work: Work, step: StepOf<'set-relation-schema'>): void {
  const key = resolveRelation(work.catalog, step.table);
  lock(work, key, EXCLUSIVE);
  const owned = work.catalog.sequences.get(key)?.ownedBy;
  if (owned != null) refuse(work, `cannot move an owned sequence into another schema`);
  const moved = `${step.schema}.${key.slice(key.indexOf('.') + 1)}`;
  for (const sequence of sequencesOf(work.catalog, key)) lock(work, sequence.key, EXCLUSIVE);
  if (moved !== key && relationExists(work, moved)) refuse(work, `relation "${step.table.name}" already exists in schema "${step.schema}"`);
}

function setStorageParameters(work: Work, step: StepOf<'set-storage-parameters'>): void {
  if (step.relation === 'index') {
    const index = work.catalog.indexes.get(resolveRelation(work.catalog, step.table));
    if (index !== undefined && isPartitioned(work, index.table) && work.target.version >= 18) refuse(work, `ALTER action ${step.reset ? 'RESET' : 'SET'} cannot be performed on relation "${index.name}"`);
    return;
  }
  const strong = step.relation === 'view' || step.parameters.includes('user_catalog_table');
  const key = resolveRelation(work.catalog, step.table);
  lock(work, key, strong ? EXCLUSIVE : 'ShareUpdateExclusiveLock');
  if (isPartitioned(work, key) && /(?:^|,)\s*(?!toast\.)\w/i.test(step.text ?? 'x')) refuse(work, 'cannot specify storage parameters for a partitioned table');
}

export const tableHandlers: Handlers = {
  'create-table': createTableEffect,
  'create-table-as': createTableAsEffect,
  'drop-table': dropTableEffect,
  'rename-relation': renameRelation,
  'set-relation-schema': setSchema,
  'set-persistence': setPersistence,
  'set-access-method': (work, step) => {
    alters(EXCLUSIVE, 'alone')(work, step);
    if (work.target.version < 15) refuse(work, 'SET ACCESS METHOD needs Postgres 15');
    if (step.method !== null && step.method !== 'heap') rewriteAll(work, [resolveRelation(work.catalog, step.table)]);
  },
  'set-tablespace': (work, step) => {
    alters(EXCLUSIVE, 'alone')(work, step);
    if (step.tablespace !== 'pg_default' && step.relation !== 'index') rewriteAll(work, [resolveRelation(work.catalog, step.table)]);
  },
  'set-storage-parameters': setStorageParameters,
  'alter-relation': (work, step) => {
    alters(EXCLUSIVE, 'alone')(work, step);
    const table = work.catalog.tables.get(resolveRelation(work.catalog, step.table));
    const inherits = table !== undefined && (table.partitionOf !== null || table.inherits.length > 0);
    const [, schema, name] = /^\s*of\s+(?:(\w+)\.)?(\w+)\s*$/i.exec(step.text) ?? [];
    if (/^\s*not\s+of\s*$/i.test(step.text) && table?.complete === true) refuse(work, `"${step.table.name}" is not a typed table`);
    if (name === undefined) return;
    if (inherits) refuse(work, 'typed tables cannot inherit');
    const attributes = work.catalog.composites.get(resolveIn(work.catalog, { schema: schema ?? null, name: name.toLowerCase() }, ['composites']));
    const columns = table?.complete === true ? [...table.columns.keys()] : null;
    if (attributes !== undefined && columns !== null && attributes.map((each) => each.name).join() !== columns.join()) refuse(work, `table "${step.table.name}" does not have the columns of type "${name}"`);
  },
  'set-replica-identity': (work, step) => {
    alters(EXCLUSIVE, 'alone')(work, step);
    const error = step.index === undefined ? null : replicaIndexError(work, step, step.index);
    if (error !== null) refuse(work, error);
  },
  'set-owner': alters(EXCLUSIVE, 'alone'),
  'set-row-security': alters(EXCLUSIVE, 'alone'),
  'set-inheritance': (work, step) => {
    const key = resolveRelation(work.catalog, step.table);
    const parent = resolveRelation(work.catalog, step.parent);
    lock(work, key, EXCLUSIVE);
    if (step.inherit) lockAll(work, withDescendants(work.catalog, key).slice(1), 'AccessShareLock');
    lock(work, parent, step.inherit ? 'ShareUpdateExclusiveLock' : 'AccessShareLock');
    const table = work.catalog.tables.get(key);
    const whole = knownTable(work, parent);
    const lacking = step.inherit && table?.complete === true ? [...(whole?.columns.keys() ?? [])].find((column) => !table.columns.has(column)) : undefined;
    if (lacking !== undefined) refuse(work, `child table is missing column "${lacking}"`);
    if (step.inherit && withDescendants(work.catalog, key).includes(parent)) refuse(work, 'circular inheritance not allowed');
    if (step.inherit && table?.inherits.includes(parent) === true) refuse(work, `relation "${step.parent.name}" would be inherited from more than once`);
    if (!step.inherit && table?.complete === true && !table.inherits.includes(parent)) refuse(work, `relation "${step.parent.name}" is not a parent of relation "${step.table.name}"`);
  },
  'attach-partition': attachPartitionEffect,
  'detach-partition': detachPartitionEffect,
  'truncate': truncateEffect,
  'lock-table': lockTableEffect,
  'set-cluster-index': (work, step) => {
    alters('ShareUpdateExclusiveLock', 'alone')(work, step);
    const error = step.index === null ? null : clusterIndexError(work, step, step.index);
    if (error !== null) refuse(work, error);
  },
  'cluster': clusterEffect,
  'vacuum': vacuumEffect,
  'analyze': (work, step) => {
    // With the parent of tables that inherit, or are partitions, each of them is sampled.
    for (const name of step.tables) {
      const [first = '', ...others] = withDescendants(work.catalog, resolveRelation(work.catalog, name));
      lock(work, first, 'ShareUpdateExclusiveLock');
      lockAll(work, others, isPartitioned(work, first) || work.target.version >= 18 ? 'ShareUpdateExclusiveLock' : 'AccessShareLock');
    }
  },
};

export const columnHandlers: Handlers = {
  'add-column': addColumnEffect,
  'drop-column': dropColumnEffect,
  'rename-column': renameColumnEffect,
  'set-type': setTypeEffect,
  'set-default': defaultEffect,
  'drop-default': defaultEffect,
  'set-not-null': setNotNullEffect,
  'drop-not-null': dropNotNullEffect,
  'add-identity': identityEffect,
  'set-identity': identityEffect,
  'drop-identity': identityEffect,
  'set-expression': expressionEffect,
  'drop-expression': expressionEffect,
  'set-column-option': (work, step) => {
    if (step.option === 'compression' && work.target.version < 14) refuse(work, 'SET COMPRESSION needs Postgres 14');
    const weak = step.option === 'statistics' || step.option === 'options';
    lockAll(work, reached(work, step, step.option === 'statistics' || step.option === 'storage' ? 'tree' : 'alone'), weak ? 'ShareUpdateExclusiveLock' : EXCLUSIVE);
    const error = columnOptionError(work, step);
    if (error !== null) refuse(work, error);
    refuseUnknownColumn(work, resolveRelation(work.catalog, step.table), step.column);
  },
  'add-constraint': (work, step) => {
    addedConstraint(work, { key: resolveRelation(work.catalog, step.table), only: step.only === true }, step.constraint);
  },
  'drop-constraint': dropConstraintEffect,
  'validate-constraint': validateConstraintEffect,
  'rename-constraint': renameConstraintEffect,
  'alter-constraint': alterConstraintEffect,
};
