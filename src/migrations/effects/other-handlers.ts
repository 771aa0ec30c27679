import { isKnownRoutine } from '../called-steps.js';
import { creationKey, keyOf, resolveIn, resolveRelation } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import { writtenName } from '../fold/programs.js';
import type { StepOf } from '../step.js';
import { copyEffect, deleteEffect, insertEffect, mergeEffect, selectEffect, updateEffect } from './data.js';
import { dropSchemaEffect, dropTypeEffect, dropViewEffect, usesType } from './drops.js';
import { createMaterializedViewEffect, createViewEffect, domainCheckEffect, refreshEffect } from './relations.js';
import { EXCLUSIVE, type Handlers } from './table-handlers.js';
import { lock, refuse, type Work } from './work.js';

function addEnumValue(work: Work, step: StepOf<'add-enum-value'>): void {
  const key = resolveIn(work.catalog, step.type, ['enums']);
  const values = work.catalog.enums.get(key);
  if (work.target.version < 12) work.inTransaction = false;
  if (values === undefined) return;
  if (values.includes(step.value) && !step.ifNotExists) refuse(work, `enum label "${step.value}" already exists`);
  if (step.neighbour !== null && !values.includes(step.neighbour)) refuse(work, `"${step.neighbour}" is not an existing enum label`);
}

/** DROP STATISTICS locks the tables that they are about. */
function dropStatistics(work: Work, statement: string): void {
  const list = /^\s*drop\s+statistics\s+(?:if\s+exists\s+)?(.*?)(?:\s+(?:cascade|restrict))?\s*$/is.exec(statement)?.[1] ?? '';
  for (const written of list.split(',')) {
    const name = writtenName(written);
    const key = (name.schema === null ? work.catalog.searchPath : [name.schema]).map((schema) => keyOf(schema, name.name)).find((each) => work.catalog.statistics?.has(each) === true);
    const table = key === undefined ? undefined : work.catalog.statistics?.get(key);
    if (table !== undefined) lock(work, table, 'ShareUpdateExclusiveLock');
  }
}

/** A composite type's attribute keeps its type while a column holds it. */
function refuseAttribute(work: Work, statement: string): void {
  const [, schema, name] = /^\s*alter\s+type\s+(?:(\w+)\.)?(\w+)\s+alter\s+attribute\b/i.exec(statement) ?? [];
  const key = name === undefined ? null : resolveIn(work.catalog, { schema: schema ?? null, name: name.toLowerCase() }, ['composites']);
  if (key === null || !work.catalog.composites.has(key)) return;
  for (const table of work.catalog.tables.values()) {
    const column = [...table.columns.values()].find((each) => usesType(work, each.type, [key]));
    if (column !== undefined) refuse(work, `cannot alter type "${name ?? ''}" because column "${table.name}.${column.name}" uses it`);
  }
}

/** A type's name is taken by any other type, table or view of its schema. */
function refuseTakenType(work: Work, type: QualifiedName): void {
  const key = creationKey(work.catalog, type);
  const { catalog } = work;
  const taken = catalog.enums.has(key) || catalog.domains.has(key) || catalog.composites.has(key) || catalog.types.has(key) || catalog.tables.has(key) || catalog.views.has(key);
  if (taken) refuse(work, `type "${type.name}" already exists`);
}

export const otherHandlers: Handlers = {
  'create-enum': (work, step) => {
    refuseTakenType(work, step.type);
  },
  'create-composite': (work, step) => {
    refuseTakenType(work, step.type);
  },
  'create-type': (work, step) => {
    refuseTakenType(work, step.type);
  },
  'create-domain': (work, step) => {
    refuseTakenType(work, step.domain);
  },
  'create-schema': (work, step) => {
    if (!step.ifNotExists && step.schema !== 'public' && work.catalog.schemas.has(step.schema)) refuse(work, `schema "${step.schema}" already exists`);
  },
  'create-view': createViewEffect,
  'create-materialized-view': createMaterializedViewEffect,
  'drop-view': dropViewEffect,
  'refresh-materialized-view': refreshEffect,
  'add-enum-value': addEnumValue,
  'rename-enum-value': (work, step) => {
    const values = work.catalog.enums.get(resolveIn(work.catalog, step.type, ['enums']));
    if (values?.includes(step.value) === false) refuse(work, `"${step.value}" is not an existing enum label`);
    if (values?.includes(step.to) === true) refuse(work, `enum label "${step.to}" already exists`);
  },
  'add-domain-constraint': (work, step) => {
    if (!('notValid' in step.constraint && step.constraint.notValid)) domainCheckEffect(work, step.domain);
  },
  'validate-domain-constraint': (work, step) => {
    domainCheckEffect(work, step.domain);
  },
  'set-domain-not-null': (work, step) => {
    if (step.notNull && work.catalog.domains.get(resolveIn(work.catalog, step.domain, ['domains']))?.notNull !== true) domainCheckEffect(work, step.domain);
  },
  'drop-schema': dropSchemaEffect,
  'drop-type': dropTypeEffect,
  'drop-database': (work) => {
    work.inTransaction = false;
  },
  'insert': insertEffect,
  'update': updateEffect,
  'delete': deleteEffect,
  'merge': mergeEffect,
  'copy': copyEffect,
  'select': selectEffect,
  'call': (work, step) => {
    if (!isKnownRoutine(work.catalog, step.procedure)) work.notAnalysed = `what procedure ${step.procedure.name} does`;
  },
  'transaction': (work, step) => {
    const { undo } = work.catalog;
    const named = step.action === 'rollback-to' || step.action === 'release';
    if (named && undo !== null && !undo.savepoints.some((each) => each.name === step.savepoint)) refuse(work, `savepoint "${step.savepoint ?? ''}" does not exist`);
  },
  'raw': (work, step) => {
    refuseAttribute(work, step.statement);
    if (step.tag.startsWith('DropStmt') && step.tag.includes('STATISTIC') && work.target.version >= 12) dropStatistics(work, step.statement);
    if (step.outsideTransaction === true) work.inTransaction = false;
    if (step.alters !== undefined) lock(work, resolveRelation(work.catalog, step.alters), EXCLUSIVE);
  },
  'opaque': (work, step) => {
    work.notAnalysed = step.reason;
  },
};
