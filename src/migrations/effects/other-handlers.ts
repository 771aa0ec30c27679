import { isKnownRoutine } from '../called-steps.js';
import { resolveRelation } from '../catalog.js';
import { deleteEffect, insertEffect, updateEffect } from './data.js';
import { createIndexEffect, dropIndexEffect, reindexEffect } from './indexes.js';
import { domainCheckEffect, dropFunctionEffect, dropSchemaEffect, dropTypeEffect, dropViewEffect, lockNamed, lockReads, refreshEffect } from './relations.js';
import { altersOne, altersPartitions, EXCLUSIVE, type Handlers } from './table-handlers.js';
import { lock, refuse, scanTree } from './work.js';

export const programHandlers: Handlers = {
  'create-index': createIndexEffect,
  'drop-index': dropIndexEffect,
  reindex: reindexEffect,
  'create-trigger': altersPartitions('ShareRowExclusiveLock'),
  'drop-trigger': (work, step) => {
    const table = work.catalog.tables.get(resolveRelation(work.catalog, step.table));
    const absent = step.ifExists && table?.complete === true && !table.triggers.has(step.trigger);
    if (!absent) altersPartitions(EXCLUSIVE)(work, step);
  },
  'rename-trigger': altersOne(EXCLUSIVE),
  'set-trigger': altersPartitions('ShareRowExclusiveLock'),
  'create-policy': altersOne(EXCLUSIVE),
  'alter-policy': altersOne(EXCLUSIVE),
  'drop-policy': altersOne(EXCLUSIVE),
  'create-rule': altersOne(EXCLUSIVE),
  'drop-rule': altersOne(EXCLUSIVE),
  'set-rule': altersOne(EXCLUSIVE),
  'create-statistics': altersOne('ShareUpdateExclusiveLock'),
  'create-sequence': (work, step) => {
    if (step.ownedBy !== null) lock(work, resolveRelation(work.catalog, step.ownedBy.table), 'AccessShareLock');
  },
  'alter-sequence': (work, step) => {
    if (step.ownedBy !== null) lock(work, resolveRelation(work.catalog, step.ownedBy.table), 'AccessShareLock');
    lock(work, resolveRelation(work.catalog, step.sequence), 'ShareRowExclusiveLock');
  },
  'drop-sequence': (work, step) => {
    for (const name of step.sequences) if (!step.ifExists || work.catalog.sequences.has(resolveRelation(work.catalog, name))) lock(work, resolveRelation(work.catalog, name), EXCLUSIVE);
  },
  'set-publication-tables': (work, step) => {
    for (const name of step.tables) lock(work, resolveRelation(work.catalog, name), 'ShareUpdateExclusiveLock');
  },
  comment: (work, step) => {
    if (step.table === null || step.on === 'index') return;
    lock(work, resolveRelation(work.catalog, step.table), step.on === 'constraint' || step.on === 'other' ? 'AccessShareLock' : 'ShareUpdateExclusiveLock');
  },
  grant: (work, step) => {
    if (work.target.version >= 18) for (const name of step.relations) lock(work, resolveRelation(work.catalog, name), 'AccessShareLock');
  },
};

export const otherHandlers: Handlers = {
  'create-view': (work, step) => {
    lockNamed(work, step.query.reads);
    const key = resolveRelation(work.catalog, step.view);
    if (step.replace && work.catalog.views.has(key)) lock(work, key, EXCLUSIVE);
  },
  'create-materialized-view': (work, step) => {
    if (step.withData) lockReads(work, step.query.reads, true);
    else lockNamed(work, step.query.reads);
  },
  'drop-view': dropViewEffect,
  'refresh-materialized-view': refreshEffect,
  'add-enum-value': (work) => {
    if (work.target.version < 12) work.inTransaction = false;
  },
  'add-domain-constraint': (work, step) => {
    if (!('notValid' in step.constraint && step.constraint.notValid)) domainCheckEffect(work, step.domain);
  },
  'validate-domain-constraint': (work, step) => {
    domainCheckEffect(work, step.domain);
  },
  'set-domain-not-null': (work, step) => {
    if (step.notNull) domainCheckEffect(work, step.domain);
  },
  'drop-schema': dropSchemaEffect,
  'drop-type': dropTypeEffect,
  'drop-function': dropFunctionEffect,
  'drop-database': (work) => {
    work.inTransaction = false;
  },
  insert: insertEffect,
  update: updateEffect,
  delete: deleteEffect,
  merge: (work, step) => {
    if (work.target.version < 15) refuse(work, 'MERGE needs Postgres 15');
    const key = resolveRelation(work.catalog, step.table);
    lock(work, key, 'RowExclusiveLock');
    scanTree(work, key);
    lockReads(work, step.reads, true);
  },
  copy: (work, step) => {
    if (step.table !== null) lock(work, resolveRelation(work.catalog, step.table), step.from ? 'RowExclusiveLock' : 'AccessShareLock');
    if (step.table !== null && !step.from) scanTree(work, resolveRelation(work.catalog, step.table));
    lockReads(work, step.reads, true);
  },
  select: (work, step) => {
    lockReads(work, step.query.reads, !step.query.limited);
    for (const name of step.query.locks) lock(work, resolveRelation(work.catalog, name), 'RowShareLock');
  },
  call: (work, step) => {
    if (!isKnownRoutine(work.catalog, step.procedure)) work.notAnalysed = `what procedure ${step.procedure.name} does`;
  },
  raw: (work, step) => {
    if (step.outsideTransaction === true) work.inTransaction = false;
  },
  opaque: (work, step) => {
    work.notAnalysed = step.reason;
  },
};
