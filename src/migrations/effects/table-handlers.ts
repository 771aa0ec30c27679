import { resolveRelation } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import type { LockMode, StepKind, StepOf } from '../step.js';
import { addColumnEffect, dropColumnEffect, setNotNullEffect, setTypeEffect } from './columns.js';
import { addedConstraint, dropConstraintEffect, validateConstraintEffect } from './constraints.js';
import { attachPartitionEffect, detachPartitionEffect } from './partitions.js';
import { alterEffect, alterOneEffect, createTableEffect, dropTableEffect, lockNamed, lockReads, lockTableEffect, maintenanceEffect, ownedSequences, truncateEffect } from './relations.js';
import { lock, lockTree, refuse, rewriteTree, type Work } from './work.js';

/** What works out the effect of one kind of step each. Kinds without one take no lock. */
export type Handlers = { readonly [Kind in StepKind]?: (work: Work, step: StepOf<Kind>) => void };

export const EXCLUSIVE = 'AccessExclusiveLock';

type OnTable = (work: Work, step: { readonly table: QualifiedName }) => void;

/** A lock on the table with everything that the server recurses into. */
export function alters(mode: LockMode): OnTable {
  return (work, step) => {
    alterEffect(work, step.table, mode);
  };
}

/** A lock on the table alone. */
export function altersOne(mode: LockMode): OnTable {
  return (work, step) => {
    alterOneEffect(work, step.table, mode);
  };
}

/** A lock on the table and its partitions, not on tables that inherit from it. */
export function altersPartitions(mode: LockMode): OnTable {
  return (work, step) => {
    const key = resolveRelation(work.catalog, step.table);
    if (work.catalog.tables.get(key)?.partitionBy == null) lock(work, key, mode);
    else lockTree(work, key, mode);
  };
}

function altersSequence(mode: LockMode): (work: Work, step: { readonly table: QualifiedName; readonly column: string }) => void {
  return (work, step) => {
    alterEffect(work, step.table, EXCLUSIVE);
    const key = resolveRelation(work.catalog, step.table);
    for (const sequence of work.catalog.sequences.values()) if (sequence.ownedBy?.table === key && sequence.ownedBy.column === step.column) lock(work, sequence.key, mode);
  };
}

export const tableHandlers: Handlers = {
  'create-table': createTableEffect,
  'create-table-as': (work, step) => {
    if (step.withData) lockReads(work, step.query.reads, true);
    else lockNamed(work, step.query.reads);
  },
  'drop-table': dropTableEffect,
  'rename-relation': (work, step) => {
    if (step.relation !== 'index') alterOneEffect(work, step.table, EXCLUSIVE);
  },
  'set-relation-schema': (work, step) => {
    const key = resolveRelation(work.catalog, step.table);
    lock(work, key, EXCLUSIVE);
    for (const sequence of ownedSequences(work.catalog, [key])) lock(work, sequence, EXCLUSIVE);
  },
  'set-persistence': (work, step) => {
    alterOneEffect(work, step.table, EXCLUSIVE);
    const key = resolveRelation(work.catalog, step.table);
    if ((work.catalog.tables.get(key)?.persistence === 'unlogged') !== step.unlogged) rewriteTree(work, key);
  },
  'set-access-method': (work, step) => {
    alterOneEffect(work, step.table, EXCLUSIVE);
    if (work.target.version < 15) refuse(work, 'SET ACCESS METHOD needs Postgres 15');
    if (step.method !== null && step.method !== 'heap') rewriteTree(work, resolveRelation(work.catalog, step.table));
  },
  'set-tablespace': (work, step) => {
    if (step.relation === 'index') return;
    alterOneEffect(work, step.table, EXCLUSIVE);
    if (step.tablespace !== 'pg_default') rewriteTree(work, resolveRelation(work.catalog, step.table));
  },
  'set-storage-parameters': (work, step) => {
    if (step.relation === 'index') return;
    const strong = step.relation === 'view' || step.parameters.includes('user_catalog_table');
    lock(work, resolveRelation(work.catalog, step.table), strong ? EXCLUSIVE : 'ShareUpdateExclusiveLock');
  },
  'alter-relation': altersOne(EXCLUSIVE),
  'set-replica-identity': altersOne(EXCLUSIVE),
  'set-owner': altersOne(EXCLUSIVE),
  'set-row-security': altersOne(EXCLUSIVE),
  'set-inheritance': (work, step) => {
    alterOneEffect(work, step.table, EXCLUSIVE);
    lock(work, resolveRelation(work.catalog, step.parent), step.inherit ? 'ShareUpdateExclusiveLock' : 'AccessShareLock');
  },
  'attach-partition': attachPartitionEffect,
  'detach-partition': detachPartitionEffect,
  truncate: truncateEffect,
  'lock-table': lockTableEffect,
  'set-cluster-index': altersOne('ShareUpdateExclusiveLock'),
  cluster: (work, step) => {
    if (step.table === null) work.inTransaction = false;
    maintenanceEffect(work, step.table, true, EXCLUSIVE);
  },
  vacuum: (work, step) => {
    work.inTransaction = false;
    const mode = step.full ? EXCLUSIVE : 'ShareUpdateExclusiveLock';
    if (step.tables.length === 0) maintenanceEffect(work, null, step.full, mode);
    for (const name of step.tables) maintenanceEffect(work, name, step.full, mode);
  },
  analyze: (work, step) => {
    for (const name of step.tables) alterEffect(work, name, 'ShareUpdateExclusiveLock');
  },
};

export const columnHandlers: Handlers = {
  'add-column': addColumnEffect,
  'drop-column': dropColumnEffect,
  'rename-column': alters(EXCLUSIVE),
  'set-type': setTypeEffect,
  'set-default': alters(EXCLUSIVE),
  'drop-default': alters(EXCLUSIVE),
  'set-not-null': setNotNullEffect,
  'drop-not-null': alters(EXCLUSIVE),
  'add-identity': (work, step) => {
    alterEffect(work, step.table, EXCLUSIVE);
    const column = work.catalog.tables.get(resolveRelation(work.catalog, step.table))?.columns.get(step.column);
    if (column !== undefined && !column.notNull) refuse(work, `column "${step.column}" of relation "${step.table.name}" must be declared NOT NULL before identity can be added`);
  },
  'set-identity': altersSequence('ShareRowExclusiveLock'),
  'drop-identity': altersSequence(EXCLUSIVE),
  'set-expression': (work, step) => {
    alterEffect(work, step.table, EXCLUSIVE);
    if (work.target.version < 17) refuse(work, 'SET EXPRESSION needs Postgres 17');
    const key = resolveRelation(work.catalog, step.table);
    if (work.catalog.tables.get(key)?.columns.get(step.column)?.generated?.kind !== 'virtual') rewriteTree(work, key);
  },
  'drop-expression': alters(EXCLUSIVE),
  'set-column-option': (work, step) => {
    const weak = step.option === 'statistics' || step.option === 'options';
    if (step.option === 'compression' && work.target.version < 14) refuse(work, 'SET COMPRESSION needs Postgres 14');
    alterEffect(work, step.table, weak ? 'ShareUpdateExclusiveLock' : EXCLUSIVE);
  },
  'add-constraint': (work, step) => {
    addedConstraint(work, resolveRelation(work.catalog, step.table), step.constraint);
  },
  'drop-constraint': dropConstraintEffect,
  'validate-constraint': validateConstraintEffect,
  'rename-constraint': alters(EXCLUSIVE),
  'alter-constraint': alters(EXCLUSIVE),
};
