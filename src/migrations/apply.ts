import { creationKey, keyOf, resolveIn, resolveRelation, type Catalog } from './catalog.js';
import { bodyCallsVolatile } from './effects/volatility.js';
import { addColumn, changeColumn, dropColumn, renameColumn } from './fold/columns.js';
import { addConstraint, dropConstraint, renameConstraint, validateConstraint } from './fold/constraints.js';
import { changeTable, removeFrom, setIn, splitKey, withFresh, withSequence } from './fold/edit.js';
import { createIndex, createTable, createTableAs, createView, dropTables, dropViews, moveRelation } from './fold/relations.js';
import { applyTypeStep } from './fold/types.js';
import type { Step, StepOf } from './step.js';

type Handlers = { readonly [Kind in Step['kind']]?: (catalog: Catalog, step: StepOf<Kind>) => Catalog };

function settingsAfter(catalog: Catalog, step: StepOf<'set-setting'>): Catalog {
  if (step.setting === 'all') return { ...catalog, settings: new Map(), searchPath: ['public'] };
  const settings = step.value === null ? removeFrom(catalog.settings, [step.setting]) : setIn(catalog.settings, step.setting, step.value);
  if (step.setting !== 'search_path') return { ...catalog, settings };
  const path = (step.value ?? 'public').split(',').map((part) => part.trim()).filter((part) => part !== '' && part !== '$user');
  return { ...catalog, settings, searchPath: path };
}

const COLUMN_HANDLERS: Handlers = {
  'add-column': (catalog, step) => {
    const key = resolveRelation(catalog, step.table);
    if (catalog.tables.get(key)?.columns.has(step.column.name) === true) return catalog;
    const next = addColumn(catalog, key, step.column);
    return step.column.default === null ? { ...next, blank: setIn<true>(next.blank, `${key}.${step.column.name}`, true) } : next;
  },
  'drop-column': (catalog, step) => dropColumn(catalog, resolveRelation(catalog, step.table), step.column, step.cascade),
  'rename-column': (catalog, step) => renameColumn(catalog, resolveRelation(catalog, step.table), step.column, step.to),
  'set-type': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, type: step.type, collation: step.collation })),
  'set-default': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, default: step.default })),
  'drop-default': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, default: null })),
  'set-not-null': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, notNull: true })),
  'drop-not-null': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, notNull: false })),
  'add-identity': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, identity: step.identity })),
  'drop-identity': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, identity: null })),
  'set-expression': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, generated: { expression: step.expression, kind: column.generated?.kind ?? 'stored' } })),
  'drop-expression': (catalog, step) => changeColumn(catalog, resolveRelation(catalog, step.table), step.column, (column) => ({ ...column, generated: null })),
};

const CONSTRAINT_HANDLERS: Handlers = {
  'add-constraint': (catalog, step) => addConstraint(catalog, resolveRelation(catalog, step.table), step.constraint),
  'drop-constraint': (catalog, step) => dropConstraint(catalog, resolveRelation(catalog, step.table), step.constraint, step.cascade),
  'validate-constraint': (catalog, step) => validateConstraint(catalog, resolveRelation(catalog, step.table), step.constraint),
  'rename-constraint': (catalog, step) => renameConstraint(catalog, resolveRelation(catalog, step.table), step.constraint, step.to),
  'create-index': createIndex,
  'drop-index': (catalog, step) => ({ ...catalog, indexes: removeFrom(catalog.indexes, step.indexes.map((name) => resolveRelation(catalog, name))) }),
};

const RELATION_HANDLERS: Handlers = {
  'create-table': createTable,
  'create-table-as': (catalog, step) => createTableAs(catalog, step.table),
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
  'attach-partition': (catalog, step) => {
    const parent = resolveRelation(catalog, step.table);
    return changeTable(catalog, resolveRelation(catalog, step.partition), (table) => ({ ...table, partitionOf: { parent, bound: step.bound } }));
  },
  'detach-partition': (catalog, step) => changeTable(catalog, resolveRelation(catalog, step.partition), (table) => ({ ...table, partitionOf: null })),
  'set-inheritance': (catalog, step) => {
    const parent = resolveRelation(catalog, step.parent);
    return changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, inherits: step.inherit ? [...table.inherits, parent] : table.inherits.filter((each) => each !== parent) }));
  },
  'create-view': createView,
  'create-materialized-view': createView,
  'drop-view': (catalog, step) => dropViews(catalog, step.views.map((name) => resolveRelation(catalog, name)), step.cascade),
};

const OTHER_HANDLERS: Handlers = {
  update: (catalog, step) => {
    const key = resolveRelation(catalog, step.table);
    const written = step.columns.map((column) => `${key}.${column}`);
    return { ...catalog, blank: removeFrom(catalog.blank, written) };
  },
  'create-trigger': (catalog, step) => changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, triggers: setIn(table.triggers, step.trigger, resolveIn(catalog, step.function, ['functions'])) })),
  'drop-trigger': (catalog, step) => changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, triggers: removeFrom(table.triggers, [step.trigger]) })),
  'create-sequence': (catalog, step) => {
    const key = creationKey(catalog, step.sequence);
    if (catalog.sequences.has(key)) return catalog;
    const owner = step.ownedBy === null ? null : { table: resolveRelation(catalog, step.ownedBy.table), column: step.ownedBy.column };
    return withFresh(withSequence(catalog, { key, ...splitKey(key), ownedBy: owner }), key);
  },
  'alter-sequence': (catalog, step) => {
    const sequence = catalog.sequences.get(resolveRelation(catalog, step.sequence));
    if (sequence === undefined || step.ownedBy === null) return catalog;
    return withSequence(catalog, { ...sequence, ownedBy: { table: resolveRelation(catalog, step.ownedBy.table), column: step.ownedBy.column } });
  },
  'drop-sequence': (catalog, step) => ({ ...catalog, sequences: removeFrom(catalog.sequences, step.sequences.map((name) => resolveRelation(catalog, name))) }),
  'create-function': (catalog, step) => ({ ...catalog, functions: setIn(catalog.functions, creationKey(catalog, step.function), { volatility: step.volatility, language: step.language, volatileCalls: bodyCallsVolatile(step.body), definition: step }) }),
  'drop-function': (catalog, step) => ({ ...catalog, functions: removeFrom(catalog.functions, step.functions.map((name) => resolveIn(catalog, name, ['functions']))) }),
  'create-schema': (catalog, step) => ({ ...catalog, schemas: new Set(catalog.schemas).add(step.schema) }),
  'drop-schema': (catalog, step) => {
    const inside = [...catalog.tables.values()].filter((table) => step.schemas.includes(table.schema)).map((table) => table.key);
    const next = dropTables(catalog, inside, true);
    return { ...next, schemas: new Set([...next.schemas].filter((each) => !step.schemas.includes(each))) };
  },
  'set-setting': settingsAfter,
};

const HANDLERS: Handlers = { ...COLUMN_HANDLERS, ...CONSTRAINT_HANDLERS, ...RELATION_HANDLERS, ...OTHER_HANDLERS };

function renameSchema(catalog: Catalog, from: string, to: string): Catalog {
  let next: Catalog = { ...catalog, schemas: new Set([...catalog.schemas].map((each) => (each === from ? to : each))) };
  for (const map of [catalog.tables, catalog.views, catalog.sequences]) {
    for (const relation of map.values()) if (relation.schema === from) next = moveRelation(next, relation.key, keyOf(to, relation.name));
  }
  return next;
}

/** The catalog after a step. Never throws: what the history did not show is taken to exist, what cannot be understood changes nothing. */
export function apply(catalog: Catalog, step: Step): Catalog {
  if (step.kind === 'rename-schema') return renameSchema(catalog, step.schema, step.to);
  const handler = HANDLERS[step.kind] as ((catalog: Catalog, step: Step) => Catalog) | undefined;
  return handler === undefined ? applyTypeStep(catalog, step) : handler(catalog, step);
}

/** Everything that was created counts as in use from here on; session settings are gone. */
export function settle(catalog: Catalog): Catalog {
  return { ...catalog, fresh: new Map(), blank: new Map(), settings: new Map(), searchPath: ['public'] };
}
