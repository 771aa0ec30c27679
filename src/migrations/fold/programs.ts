import { creationKey, resolveIn, resolveRelation, type Catalog, type Column, type FunctionFact, type Table } from '../catalog.js';
import type { Expression, QualifiedName, TypeName } from '../definition.js';
import { bodyCallsVolatile } from '../effects/volatility.js';
import type { StepOf } from '../step.js';
import { changeIn, changeTable, removeFrom, renameIn, setIn, splitKey, withFresh, withSequence } from './edit.js';
import { descendantsOf } from './columns.js';
import { relationExists } from './names.js';

function signatureOf(types: readonly TypeName[] | undefined): string {
  return (types ?? []).map((type) => `${type.name}${type.array ? '[]' : ''}`).join();
}

export function createFunction(catalog: Catalog, step: StepOf<'create-function'>): Catalog {
  const key = creationKey(catalog, step.function);
  const signature = signatureOf(step.arguments);
  const before = catalog.functions.get(key)?.signatures ?? [];
  const fact: FunctionFact = { volatility: step.volatility, language: step.language, volatileCalls: bodyCallsVolatile(step.body), definition: step, signatures: before.includes(signature) ? before : [...before, signature] };
  return { ...catalog, functions: setIn(catalog.functions, key, fact) };
}

function calls(catalog: Catalog, expression: Expression | null | undefined, gone: ReadonlySet<string>): boolean {
  return expression?.functions.some((name) => gone.has(resolveIn(catalog, name, ['functions']))) === true;
}

/** What calls dropped functions goes with CASCADE: triggers, and defaults of columns. */
function withoutCalls(catalog: Catalog, gone: ReadonlySet<string>): Catalog {
  const changes = [...catalog.tables.values()].flatMap((table): (readonly [string, Table])[] => {
    const triggers = [...table.triggers].filter(([, called]) => !gone.has(called));
    const columns = [...table.columns.values()].filter((column) => calls(catalog, column.default, gone));
    if (triggers.length === table.triggers.size && columns.length === 0) return [];
    const cleared = changeIn(table.columns, columns.map((column): readonly [string, Column] => [column.name, { ...column, default: null }]));
    return [[table.key, { ...table, triggers: new Map(triggers), columns: cleared }]];
  });
  return { ...catalog, tables: changeIn(catalog.tables, changes) };
}

/** Functions of one name are told apart by their arguments; without any all of the name are meant. */
export function dropFunctions(catalog: Catalog, step: StepOf<'drop-function'>): Catalog {
  let next = catalog;
  const gone = new Set<string>();
  for (const [index, name] of step.functions.entries()) {
    const key = resolveIn(catalog, name, ['functions']);
    const fact = next.functions.get(key);
    const types = step.arguments?.[index] ?? null;
    const left = types === null ? [] : (fact?.signatures ?? []).filter((signature) => signature !== signatureOf(types));
    if (fact !== undefined && left.length > 0) next = { ...next, functions: setIn(next.functions, key, { ...fact, signatures: left }) };
    else {
      next = { ...next, functions: removeFrom(next.functions, [key]) };
      gone.add(key);
    }
  }
  return step.cascade && gone.size > 0 ? withoutCalls(next, gone) : next;
}

/** Row triggers of a partitioned table are its partitions' too. */
function withPartitions(catalog: Catalog, table: QualifiedName): string[] {
  const key = resolveRelation(catalog, table);
  return catalog.tables.get(key)?.partitionBy == null ? [key] : [key, ...descendantsOf(catalog, key)];
}

export function createTrigger(catalog: Catalog, step: StepOf<'create-trigger'>): Catalog {
  const called = resolveIn(catalog, step.function, ['functions']);
  return withPartitions(catalog, step.table).reduce((next, key) => changeTable(next, key, (table) => ({ ...table, triggers: setIn(table.triggers, step.trigger, called) })), catalog);
}

export function dropTrigger(catalog: Catalog, step: StepOf<'drop-trigger'>): Catalog {
  return withPartitions(catalog, step.table).reduce((next, key) => changeTable(next, key, (table) => ({ ...table, triggers: removeFrom(table.triggers, [step.trigger]) })), catalog);
}

export function renameTrigger(catalog: Catalog, step: StepOf<'rename-trigger'>): Catalog {
  return withPartitions(catalog, step.table).reduce((next, key) => changeTable(next, key, (table) => ({ ...table, triggers: renameIn(table.triggers, step.trigger, step.to, (called) => called) })), catalog);
}

/** Keeps what a policy says, for what depends on columns. */
export function rememberPolicy(catalog: Catalog, step: StepOf<'create-policy' | 'alter-policy'>): Catalog {
  if (!/\b(?:using|check)\b/i.test(step.statement)) return catalog;
  return changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, policyTexts: new Map(table.policyTexts).set(step.policy, step.statement) }));
}

export function changePolicies(catalog: Catalog, table: QualifiedName, change: (policies: ReadonlySet<string>) => ReadonlySet<string>): Catalog {
  return changeTable(catalog, resolveRelation(catalog, table), (each) => ({ ...each, policies: change(each.policies) }));
}

/** A name as written: `sales."Deals"`. */
export function writtenName(text: string): QualifiedName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^".\s]+)/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? (bare ?? '').toLowerCase());
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' };
}

/** Statistics that have a name of their own are kept with their table. */
export function createStatistics(catalog: Catalog, step: StepOf<'create-statistics'>): Catalog {
  const written = /^\s*create\s+statistics\s+(?:if\s+not\s+exists\s+)?((?:"(?:[^"]|"")+"|\w+)(?:\.(?:"(?:[^"]|"")+"|\w+))?)\s*(?:\(|\bon\b)/i.exec(step.statement)?.[1];
  return written === undefined || /^on$/i.test(written) ? catalog : { ...catalog, statistics: new Map(catalog.statistics).set(creationKey(catalog, writtenName(written)), resolveRelation(catalog, step.table)) };
}

export function setPublication(catalog: Catalog, step: StepOf<'set-publication-tables'>): Catalog {
  const named = step.tables.map((name) => resolveRelation(catalog, name));
  const before = catalog.publications?.get(step.publication) ?? [];
  const after = { create: named, set: named, add: [...before, ...named], drop: before.filter((key) => !named.includes(key)) };
  return { ...catalog, publications: new Map(catalog.publications).set(step.publication, after[step.change]) };
}

export function setRowSecurity(catalog: Catalog, step: StepOf<'set-row-security'>): Catalog {
  const after = { enable: 'on', disable: 'off', force: 'forced', 'no-force': 'on' } as const;
  return changeTable(catalog, resolveRelation(catalog, step.table), (table) => ({ ...table, rowSecurity: step.change === 'enable' && table.rowSecurity === 'forced' ? 'forced' : after[step.change] }));
}

function owner(catalog: Catalog, ownedBy: { readonly table: QualifiedName; readonly column: string } | null): { readonly table: string; readonly column: string } | null {
  return ownedBy === null ? null : { table: resolveRelation(catalog, ownedBy.table), column: ownedBy.column };
}

export function createSequence(catalog: Catalog, step: StepOf<'create-sequence'>): Catalog {
  const key = creationKey(catalog, step.sequence);
  const { schema, name } = splitKey(key);
  if (relationExists(catalog, schema, name)) return catalog;
  return withFresh(withSequence(catalog, { key, schema, name, ownedBy: owner(catalog, step.ownedBy) }), key);
}

export function alterSequence(catalog: Catalog, step: StepOf<'alter-sequence'>): Catalog {
  const sequence = catalog.sequences.get(resolveRelation(catalog, step.sequence));
  if (sequence === undefined || (step.ownedBy === null && step.released !== true)) return catalog;
  return withSequence(catalog, { ...sequence, ownedBy: owner(catalog, step.ownedBy) });
}

/** The sequence behind `nextval('name')`; null for any other default. */
function sequenceOfDefault(catalog: Catalog, expression: Expression | null): string | null {
  const written = /^nextval\s*\(\s*'((?:[^']|'')+)'/i.exec(expression?.text ?? '')?.[1];
  if (written === undefined) return null;
  const parts = [...written.replaceAll("''", "'").matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? (bare ?? '').toLowerCase());
  return resolveRelation(catalog, { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' });
}

/** Removes sequences; CASCADE takes the defaults that count with them along. */
export function dropSequences(catalog: Catalog, keys: readonly string[], cascade: boolean): Catalog {
  const next = { ...catalog, sequences: removeFrom(catalog.sequences, keys), fresh: removeFrom(catalog.fresh, keys) };
  if (!cascade) return next;
  const changes = [...catalog.tables.values()].flatMap((table): (readonly [string, Table])[] => {
    const columns = [...table.columns.values()].filter((column) => keys.includes(sequenceOfDefault(catalog, column.default) ?? ''));
    return columns.length === 0 ? [] : [[table.key, { ...table, columns: changeIn(table.columns, columns.map((column): readonly [string, Column] => [column.name, { ...column, default: null }])) }]];
  });
  return { ...next, tables: changeIn(next.tables, changes) };
}
