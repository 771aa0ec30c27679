import { keyOf, resolveRelation, type Catalog, type Column } from './catalog.js';
import { addColumn, addOwnedSequence, changeColumn, dropColumn, renameColumn, storedType } from './fold/columns.js';
import { addConstraint, changeConstraint, dropConstraint, renameConstraint, validateConstraint } from './fold/constraints.js';
import { changeTable, removeFrom, setIn, splitKey } from './fold/edit.js';
import { attachIndex, createIndex, dropIndexes } from './fold/indexes.js';
import { moveRelation, renameSchema } from './fold/moves.js';
import { alterSequence, changePolicies, createStatistics, rememberPolicy, setPublication, createFunction, createSequence, createTrigger, dropFunctions, dropSequences, dropTrigger, renameTrigger, setRowSecurity } from './fold/programs.js';
import { applySetting, applyTransaction, endSession, settingOfSelect } from './fold/session.js';
import { attachPartition, createTable, createTableAs, detachPartition, dropTables, setInheritance } from './fold/tables.js';
import { applyTypeStep, dropTypesIn } from './fold/types.js';
import { createView, dropViews } from './fold/views.js';
import type { Step, StepOf } from './step.js';

type Handlers = { readonly [Kind in Step['kind']]?: (catalog: Catalog, step: StepOf<Kind>) => Catalog };

type OnColumn = Pick<StepOf<'set-not-null'>, 'table' | 'column' | 'only'>;

function change(catalog: Catalog, step: OnColumn, edit: (column: Column) => Column): Catalog {
  return changeColumn(catalog, resolveRelation(catalog, step.table), step.column, edit, step.only === true);
}

const COLUMN_HANDLERS: Handlers = {
  'add-column': (catalog, step) => {
    const key = resolveRelation(catalog, step.table);
    if (catalog.tables.get(key)?.columns.has(step.column.name) === true) return catalog;
    const next = addColumn(catalog, key, step.column);
    return step.column.default === null ? { ...next, blank: setIn<true>(next.blank, `${key}.${step.column.name}`, true) } : next;
  },
  'drop-column': (catalog, step) => dropColumn(catalog, resolveRelation(catalog, step.table), step.column, { cascade: step.cascade, only: step.only === true }),
  'rename-column': (catalog, step) => renameColumn(catalog, resolveRelation(catalog, step.table), step.column, step.to),
  'set-type': (catalog, step) => change(catalog, step, (column) => ({ ...column, type: storedType(catalog, step.type), collation: step.collation })),
  'set-default': (catalog, step) => change(catalog, step, (column) => ({ ...column, default: step.default })),
  'drop-default': (catalog, step) => change(catalog, step, (column) => ({ ...column, default: null })),
  'set-not-null': (catalog, step) => change(catalog, step, (column) => ({ ...column, notNull: true })),
  'drop-not-null': (catalog, step) => change(catalog, step, (column) => ({ ...column, notNull: false })),
  'add-identity': (catalog, step) => {
    const next = change(catalog, step, (column) => ({ ...column, identity: step.identity, notNull: true }));
    return next === catalog ? catalog : addOwnedSequence(next, resolveRelation(catalog, step.table), step.column);
  },
  'drop-identity': (catalog, step) => {
    const key = resolveRelation(catalog, step.table);
    const identity = catalog.tables.get(key)?.columns.get(step.column)?.identity ?? null;
    const next = change(catalog, step, (column) => ({ ...column, identity: null }));
    const owned = identity === null ? [] : [...next.sequences.values()].filter((each) => each.ownedBy?.table === key && each.ownedBy.column === step.column);
    return { ...next, sequences: removeFrom(next.sequences, owned.map((sequence) => sequence.key)) };
  },
  'set-expression': (catalog, step) => change(catalog, step, (column) => ({ ...column, generated: { expression: step.expression, kind: column.generated?.kind ?? 'stored' } })),
  'drop-expression': (catalog, step) => change(catalog, step, (column) => ({ ...column, generated: null })),
};

const CONSTRAINT_HANDLERS: Handlers = {
  'add-constraint': (catalog, step) => addConstraint(catalog, resolveRelation(catalog, step.table), step.constraint, step.only === true),
  'drop-constraint': (catalog, step) => dropConstraint(catalog, resolveRelation(catalog, step.table), step.constraint, step.cascade, step.only === true),
  'validate-constraint': (catalog, step) => validateConstraint(catalog, resolveRelation(catalog, step.table), step.constraint),
  'rename-constraint': (catalog, step) => renameConstraint(catalog, resolveRelation(catalog, step.table), step.constraint, step.to),
  'alter-constraint': (catalog, step) =>
    changeConstraint(catalog, resolveRelation(catalog, step.table), step.constraint, (constraint) => {
      const { definition } = constraint;
      if (definition.kind !== 'foreign-key') return constraint;
      const deferrable = step.deferrable ?? definition.deferrable;
      return { ...constraint, definition: { ...definition, deferrable, initiallyDeferred: deferrable && (step.initiallyDeferred ?? definition.initiallyDeferred) } };
    }),
  'create-index': createIndex,
  'attach-index': (catalog, step) => attachIndex(catalog, resolveRelation(catalog, step.index), resolveRelation(catalog, step.partition)),
  'drop-index': (catalog, step) => dropIndexes(catalog, step.indexes.map((name) => resolveRelation(catalog, name))),
};

const RELATION_HANDLERS: Handlers = {
  'create-table': createTable,
  'create-table-as': createTableAs,
  'drop-table': (catalog, step) => dropTables(catalog, step.tables.map((name) => resolveRelation(catalog, name)), step.cascade),
  'rename-relation': (catalog, step) => {
    const key = resolveRelation(catalog, step.table);
    return moveRelation(catalog, key, keyOf(splitKey(key).schema, step.to));
  },
  'set-relation-schema': (catalog, step) => {
    const key = resolveRelation(catalog, step.table);
    return moveRelation(catalog, key, keyOf(step.schema, splitKey(key).name));
  },
  'set-persistence': (catalog, step) => changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, persistence: step.unlogged ? 'unlogged' : 'permanent' })),
  'attach-partition': attachPartition,
  'detach-partition': detachPartition,
  'set-inheritance': setInheritance,
  'create-view': createView,
  'create-materialized-view': createView,
  'drop-view': (catalog, step) => dropViews(catalog, step.views.map((name) => resolveRelation(catalog, name)), step.cascade),
};

function dropSchemas(catalog: Catalog, schemas: readonly string[]): Catalog {
  const inside = (each: { readonly schema: string }): boolean => schemas.includes(each.schema);
  let next = dropTables(catalog, [...catalog.tables.values()].filter(inside).map((table) => table.key), true);
  next = dropViews(next, [...next.views.values()].filter(inside).map((view) => view.key), true);
  next = dropTypesIn(next, schemas);
  return {
    ...next,
    schemas: new Set([...next.schemas].filter((each) => !schemas.includes(each))),
    sequences: removeFrom(next.sequences, [...next.sequences.values()].filter(inside).map((sequence) => sequence.key)),
    functions: removeFrom(next.functions, [...next.functions.keys()].filter((key) => inside(splitKey(key)))),
  };
}

const OTHER_HANDLERS: Handlers = {
  update: (catalog, step) => {
    const key = resolveRelation(catalog, step.table);
    return { ...catalog, blank: removeFrom(catalog.blank, step.columns.map((column) => `${key}.${column}`)) };
  },
  'create-trigger': createTrigger,
  'drop-trigger': dropTrigger,
  'rename-trigger': renameTrigger,
  'create-policy': (catalog, step) => rememberPolicy(changePolicies(catalog, step.table, (policies) => new Set(policies).add(step.policy)), step),
  'alter-policy': rememberPolicy,
  'drop-policy': (catalog, step) => changePolicies(catalog, step.table, (policies) => new Set([...policies].filter((each) => each !== step.policy))),
  'create-rule': (catalog, step) => changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, rules: new Set(table.rules).add(step.rule) })),
  'drop-rule': (catalog, step) => changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, rules: new Set([...table.rules].filter((each) => each !== step.rule)) })),
  'create-statistics': createStatistics,
  'set-publication-tables': setPublication,
  'set-row-security': setRowSecurity,
  'create-sequence': createSequence,
  'alter-sequence': alterSequence,
  'drop-sequence': (catalog, step) => dropSequences(catalog, step.sequences.map((name) => resolveRelation(catalog, name)), step.cascade),
  'create-function': createFunction,
  'drop-function': dropFunctions,
  'create-schema': (catalog, step) => ({ ...catalog, schemas: new Set(catalog.schemas).add(step.schema) }),
  'drop-schema': (catalog, step) => dropSchemas(catalog, step.schemas),
  'rename-schema': (catalog, step) => renameSchema(catalog, step.schema, step.to),
  'set-setting': applySetting,
  select: (catalog, step) => {
    const setting = settingOfSelect(step);
    return setting === null ? catalog : applySetting(catalog, setting);
  },
  transaction: applyTransaction,
};

const HANDLERS: Handlers = { ...COLUMN_HANDLERS, ...CONSTRAINT_HANDLERS, ...RELATION_HANDLERS, ...OTHER_HANDLERS };

/** Whether a step names with IF EXISTS a relation that is not there: then it does nothing. */
function isSkipped(catalog: Catalog, step: Step): boolean {
  if (!('ifExists' in step) || !('table' in step) || !step.ifExists || catalog.tables.size === 0) return false;
  const key = resolveRelation(catalog, step.table);
  return !catalog.tables.has(key) && !catalog.views.has(key) && !catalog.sequences.has(key) && !catalog.indexes.has(key);
}

/** The catalog after a step. Never throws: what the history did not show is taken to exist, what cannot be understood changes nothing. */
export function apply(catalog: Catalog, step: Step): Catalog {
  const handler = HANDLERS[step.kind] as ((catalog: Catalog, step: Step) => Catalog) | undefined;
  if (handler === undefined) return applyTypeStep(catalog, step);
  return isSkipped(catalog, step) ? catalog : handler(catalog, step);
}

/** Everything that was created counts as in use from here on; settings and temporary relations of the session are gone. */
export function settle(catalog: Catalog): Catalog {
  return { ...endSession(catalog), fresh: new Map(), blank: new Map() };
}
