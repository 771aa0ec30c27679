import type { LineIndex } from '../../languages/line-index.js';
import { creationKey, foreignKeysTo, resolveRelation, type Table } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import { splitKey } from '../fold/edit.js';
import { readRoutine } from '../sql/routine/read-routine.js';
import { readStatement } from '../sql/steps.js';
import type { StepOf } from '../step.js';
import { dropFunctionEffect, dropSequenceEffect } from './drops.js';
import { createIndexEffect, dropIndexEffect } from './indexes.js';
import { reindexEffect } from './maintenance.js';
import { alters } from './reach.js';
import { lockNamed } from './relations.js';
import { statisticsError } from './statistics-errors.js';
import { EXCLUSIVE, type Handlers } from './table-handlers.js';
import { isPartitioned, knownTable, lock, lockAll, refuse, withDescendants, withPartitions, type Work } from './work.js';

/** A table, known to the last column, that lacks a policy, rule or trigger. */
function lacks(work: Work, step: { readonly table: StepOf<'drop-policy'>['table'] }, has: (table: Table) => boolean): boolean {
  const table = knownTable(work, resolveRelation(work.catalog, step.table));
  return table !== null && !has(table);
}

function createTrigger(work: Work, step: StepOf<'create-trigger'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const statement = step.eachRow === false;
  lockAll(work, statement ? [key] : withPartitions(work.catalog, key), 'ShareRowExclusiveLock');
  if (step.from !== undefined) lock(work, resolveRelation(work.catalog, step.from), 'AccessShareLock');
  const needs = step.eachRow === true ? (step.before === true ? 13 : 11) : 0;
  if (isPartitioned(work, key) && work.target.version < needs) refuse(work, `row triggers on a partitioned table like "${step.table.name}" need Postgres ${String(needs)}`);
  if (step.replace && work.target.version < 14) refuse(work, 'CREATE OR REPLACE TRIGGER needs Postgres 14');
  if (!step.replace && work.catalog.tables.get(key)?.triggers.has(step.trigger) === true) refuse(work, `trigger "${step.trigger}" for relation "${step.table.name}" already exists`);
}

function dropTrigger(work: Work, step: StepOf<'drop-trigger'>): void {
  const key = resolveRelation(work.catalog, step.table);
  if (lacks(work, step, (table) => table.triggers.has(step.trigger))) {
    if (!step.ifExists) refuse(work, `trigger "${step.trigger}" for table "${step.table.name}" does not exist`);
    return;
  }
  const onPartitions = withPartitions(work.catalog, key).filter((each) => each === key || work.catalog.tables.get(each)?.triggers.has(step.trigger) === true);
  lockAll(work, onPartitions, EXCLUSIVE);
}

function dropPolicy(work: Work, step: StepOf<'drop-policy'>): void {
  const lacking = lacks(work, step, (table) => table.policies.has(step.policy));
  if (lacking && step.ifExists) return;
  alters(EXCLUSIVE, 'alone')(work, step);
  if (lacking) refuse(work, `policy "${step.policy}" for table "${step.table.name}" does not exist`);
}

function setPublication(work: Work, step: StepOf<'set-publication-tables'>): void {
  // SET takes out what it does not name.
  if (step.change === 'set') lockAll(work, work.catalog.publications?.get(step.publication) ?? [], 'ShareUpdateExclusiveLock');
  for (const name of step.tables) {
    const key = resolveRelation(work.catalog, name);
    if (step.change === 'add' && work.catalog.publications?.get(step.publication)?.includes(key) === true) refuse(work, `relation "${name.name}" is already member of publication "${step.publication}"`);
    if (isPartitioned(work, key) && work.target.version < 13) refuse(work, `"${name.name}" is a partitioned table, which needs Postgres 13 to be published`);
    // Tables that inherit are published with their parent; partitions are not named.
    const tables = name.only === true || work.catalog.tables.get(key)?.partitionBy != null ? [key] : withDescendants(work.catalog, key);
    lockAll(work, tables, 'ShareUpdateExclusiveLock');
  }
}

/** Row triggers of a partitioned table, and those behind its foreign keys, are its partitions' too. */
function setTrigger(work: Work, step: StepOf<'set-trigger'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const table = work.catalog.tables.get(key);
  const shares = (each: string): boolean => {
    const partition = work.catalog.tables.get(each);
    if (step.trigger !== null) return partition?.triggers.has(step.trigger) === true;
    if ([...(table?.triggers.keys() ?? [])].some((trigger) => partition?.triggers.has(trigger) === true)) return true;
    const keys = [...(partition?.constraints.values() ?? [])].some((one) => one.inherited && one.referenced !== null) || foreignKeysTo(work.catalog, key).length > 0;
    return step.user !== true && work.target.version >= 15 && keys;
  };
  const others = work.target.version < 11 ? [] : withPartitions(work.catalog, key).filter(shares);
  lockAll(work, [key, ...others], 'ShareRowExclusiveLock');
  const absent = step.trigger !== null && table?.complete === true && !table.triggers.has(step.trigger);
  if (absent) refuse(work, `trigger "${step.trigger ?? ''}" for table "${step.table.name}" does not exist`);
}

const NO_LINES: LineIndex = { lines: 1, position: () => ({ line: 1, column: 1 }), span: () => ({ startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }) };

/** The server looks up what the body of a function in SQL names. */
function createFunction(work: Work, step: StepOf<'create-function'>): void {
  if (step.language !== 'sql' || step.body === '') return;
  for (const { body } of readRoutine(step, [], NO_LINES, 0, readStatement) ?? []) {
    if (body.kind === 'insert' || body.kind === 'update' || body.kind === 'delete' || body.kind === 'merge') {
      lock(work, resolveRelation(work.catalog, body.table), 'RowExclusiveLock');
      lockNamed(work, body.reads);
    } else if (body.kind === 'select') lockNamed(work, body.query.reads);
  }
}

function refuseOwner(work: Work, sequence: string, table: QualifiedName | undefined): void {
  const key = table === undefined ? undefined : resolveRelation(work.catalog, table);
  if (key !== undefined && work.catalog.tables.has(key) && splitKey(key).schema !== splitKey(sequence).schema) refuse(work, 'sequence must be in same schema as table it is linked to');
}

export const programHandlers: Handlers = {
  'create-function': createFunction,
  'drop-function': dropFunctionEffect,
  'create-index': createIndexEffect,
  'drop-index': dropIndexEffect,
  'reindex': reindexEffect,
  'create-trigger': createTrigger,
  'drop-trigger': dropTrigger,
  'rename-trigger': (work, step) => {
    alters(EXCLUSIVE, work.target.version >= 15 ? 'partitions' : 'alone')(work, step);
  },
  'set-trigger': setTrigger,
  'create-policy': (work, step) => {
    alters(EXCLUSIVE, 'alone')(work, step);
    lockNamed(work, step.reads ?? []);
    if (work.catalog.tables.get(resolveRelation(work.catalog, step.table))?.policies.has(step.policy) === true) refuse(work, `policy "${step.policy}" for table "${step.table.name}" already exists`);
  },
  'alter-policy': (work, step) => {
    alters(EXCLUSIVE, 'alone')(work, step);
    lockNamed(work, step.reads ?? []);
    if (lacks(work, step, (table) => table.policies.has(step.policy))) refuse(work, `policy "${step.policy}" for table "${step.table.name}" does not exist`);
  },
  'drop-policy': dropPolicy,
  'create-rule': (work, step) => {
    alters(EXCLUSIVE, 'alone')(work, step);
    for (const name of step.writes ?? []) lock(work, resolveRelation(work.catalog, name), 'RowExclusiveLock');
    lockNamed(work, step.reads ?? []);
  },
  'drop-rule': (work, step) => {
    const lacking = lacks(work, step, (table) => table.rules.has(step.rule));
    if (lacking && step.ifExists) return;
    alters(EXCLUSIVE, 'alone')(work, step);
    if (lacking) refuse(work, `rule "${step.rule}" for relation "${step.table.name}" does not exist`);
  },
  'set-rule': alters(EXCLUSIVE, 'alone'),
  'create-statistics': (work, step) => {
    alters('ShareUpdateExclusiveLock', 'alone')(work, step);
    const error = statisticsError(work, step);
    if (error !== null) refuse(work, error);
  },
  'create-sequence': (work, step) => {
    refuseOwner(work, creationKey(work.catalog, step.sequence), step.ownedBy?.table);
    if (step.ownedBy !== null) lock(work, resolveRelation(work.catalog, step.ownedBy.table), 'AccessShareLock');
  },
  'alter-sequence': (work, step) => {
    const key = resolveRelation(work.catalog, step.sequence);
    if (step.ifExists && !work.catalog.sequences.has(key) && work.catalog.tables.size > 0) return;
    if (step.ownedBy !== null) lock(work, resolveRelation(work.catalog, step.ownedBy.table), 'AccessShareLock');
    const owner = work.catalog.sequences.get(key)?.ownedBy;
    const identity = owner == null ? null : work.catalog.tables.get(owner.table)?.columns.get(owner.column)?.identity;
    refuseOwner(work, key, step.ownedBy?.table);
    if (identity != null && /\bowned\s+by\b/i.test(step.statement)) refuse(work, 'cannot change ownership of identity sequence');
    lock(work, key, 'ShareRowExclusiveLock');
    lock(work, key, 'RowExclusiveLock');
  },
  'drop-sequence': dropSequenceEffect,
  'set-publication-tables': setPublication,
  'comment': (work, step) => {
    if (step.table === null || step.on === 'index') return;
    lock(work, resolveRelation(work.catalog, step.table), step.on === 'constraint' || step.on === 'other' ? 'AccessShareLock' : 'ShareUpdateExclusiveLock');
  },
  'grant': (work, step) => {
    if (work.target.version >= 18) for (const name of step.relations) lock(work, resolveRelation(work.catalog, name), 'AccessShareLock');
  },
};
