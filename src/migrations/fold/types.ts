import { creationKey, findDomain, keyOf, resolveIn, type Catalog, type Domain, type Table } from '../catalog.js';
import type { QualifiedName, TypeName } from '../definition.js';
import type { Step, StepOf } from '../step.js';
import { dropColumn, storedType } from './columns.js';
import { changeIn, moveIn, removeFrom, setIn, splitKey } from './edit.js';
import { freeName } from './names.js';

const TYPES = ['enums', 'domains', 'composites'] as const;

function domainKey(catalog: Catalog, name: QualifiedName): string {
  return resolveIn(catalog, name, ['domains']);
}

function changeDomain(catalog: Catalog, name: QualifiedName, change: (domain: Domain) => Domain): Catalog {
  const key = domainKey(catalog, name);
  const domain = catalog.domains.get(key);
  return domain === undefined ? catalog : { ...catalog, domains: setIn(catalog.domains, key, change(domain)) };
}

function createDomain(catalog: Catalog, step: StepOf<'create-domain'>): Catalog {
  const key = creationKey(catalog, step.domain);
  if (catalog.domains.has(key)) return catalog;
  const constraints = new Map<string, { valid: boolean }>();
  for (const constraint of step.constraints) constraints.set(constraint.name ?? freeName((name) => constraints.has(name), step.domain.name, '', 'check'), { valid: true });
  return { ...catalog, domains: setIn(catalog.domains, key, { key, type: storedType(catalog, step.type), notNull: step.notNull, default: step.default ?? findDomain(catalog, step.type)?.default ?? null, constraints }) };
}

function addDomainConstraint(catalog: Catalog, step: StepOf<'add-domain-constraint'>): Catalog {
  const { constraint } = step;
  return changeDomain(catalog, step.domain, (domain) => {
    const name = constraint.name ?? freeName((each) => domain.constraints.has(each), splitKey(domain.key).name, '', 'check');
    return { ...domain, constraints: setIn(domain.constraints, name, { valid: !('notValid' in constraint && constraint.notValid) }) };
  });
}

function changeEnum(catalog: Catalog, type: QualifiedName, change: (values: readonly string[]) => readonly string[]): Catalog {
  const key = resolveIn(catalog, type, ['enums']);
  const values = catalog.enums.get(key);
  return values === undefined ? catalog : { ...catalog, enums: setIn(catalog.enums, key, change(values)) };
}

function addEnumValue(values: readonly string[], step: StepOf<'add-enum-value'>): readonly string[] {
  if (values.includes(step.value)) return values;
  const at = step.neighbour === null ? -1 : values.indexOf(step.neighbour);
  if (at === -1) return [...values, step.value];
  const place = step.after ? at + 1 : at;
  return [...values.slice(0, place), step.value, ...values.slice(place)];
}

/** The key of a type that the catalog keeps; null for one that is not the history's. Without a schema it is in `public`. */
export function typeKey(catalog: Catalog, type: TypeName): string | null {
  const key = keyOf(type.schema ?? 'public', type.name);
  return catalog.enums.has(key) || catalog.domains.has(key) || catalog.types.has(key) ? key : null;
}

/** Gives types other keys, in the columns, domains and composite types that use them too. */
export function moveTypes(catalog: Catalog, to: (key: string) => string): Catalog {
  const renamed = (type: TypeName): TypeName => {
    const key = typeKey(catalog, type);
    if (key === null || to(key) === key) return type;
    const { schema, name } = splitKey(to(key));
    return { ...type, schema: schema === 'public' ? null : schema, name };
  };
  const tables = [...catalog.tables.values()].flatMap((table): (readonly [string, Table])[] => {
    if (![...table.columns.values()].some((column) => renamed(column.type) !== column.type)) return [];
    return [[table.key, { ...table, columns: new Map([...table.columns].map(([name, column]) => [name, { ...column, type: renamed(column.type) }])) }]];
  });
  const move = <Value>(map: ReadonlyMap<string, Value>, change: (value: Value) => Value): ReadonlyMap<string, Value> =>
    [...map].reduce((next, [key, value]) => moveIn(next, key, to(key), change(value)), map);
  return {
    ...catalog,
    tables: changeIn(catalog.tables, tables),
    enums: move(catalog.enums, (values) => values),
    domains: move(catalog.domains, (domain) => ({ ...domain, key: to(domain.key), type: renamed(domain.type) })),
    composites: move(catalog.composites, (columns) => columns.map((column) => ({ ...column, type: renamed(column.type) }))),
    types: new Set([...catalog.types].map(to)),
  };
}

function moveType(catalog: Catalog, type: QualifiedName, to: (key: string) => string): Catalog {
  const key = resolveIn(catalog, type, TYPES);
  return moveTypes(catalog, (each) => (each === key ? to(key) : each));
}

/** Removes types; CASCADE takes the columns and domains of them along. */
function dropTypes(catalog: Catalog, keys: readonly string[], cascade: boolean): Catalog {
  const gone = new Set(keys);
  const isGone = (type: TypeName): boolean => gone.has(typeKey(catalog, type) ?? '');
  if (cascade) for (const domain of catalog.domains.values()) if (isGone(domain.type)) gone.add(domain.key);
  let next = catalog;
  for (const table of cascade ? catalog.tables.values() : []) {
    for (const column of table.columns.values()) if (isGone(column.type)) next = dropColumn(next, table.key, column.name, { cascade: true });
  }
  const all = [...gone];
  return { ...next, enums: removeFrom(next.enums, all), domains: removeFrom(next.domains, all), composites: removeFrom(next.composites, all), types: new Set([...next.types].filter((each) => !gone.has(each))) };
}

/** Removes what is in some schemas, of the types. */
export function dropTypesIn(catalog: Catalog, schemas: readonly string[]): Catalog {
  const keys = [...catalog.enums.keys(), ...catalog.domains.keys(), ...catalog.types].filter((key) => schemas.includes(splitKey(key).schema));
  return dropTypes(catalog, keys, true);
}

/** Steps about types and domains; any other step leaves the catalog as it is. */
export function applyTypeStep(catalog: Catalog, step: Step): Catalog {
  switch (step.kind) {
    case 'create-enum': {
      const key = creationKey(catalog, step.type);
      return catalog.enums.has(key) ? catalog : { ...catalog, enums: setIn(catalog.enums, key, step.values) };
    }
    case 'add-enum-value':
      return changeEnum(catalog, step.type, (values) => addEnumValue(values, step));
    case 'rename-enum-value':
      return changeEnum(catalog, step.type, (values) => values.map((value) => (value === step.value ? step.to : value)));
    case 'create-domain':
      return createDomain(catalog, step);
    case 'add-domain-constraint':
      return addDomainConstraint(catalog, step);
    case 'drop-domain-constraint':
      return changeDomain(catalog, step.domain, (domain) => ({ ...domain, constraints: removeFrom(domain.constraints, [step.constraint]) }));
    case 'validate-domain-constraint':
      return changeDomain(catalog, step.domain, (domain) => (domain.constraints.has(step.constraint) ? { ...domain, constraints: setIn(domain.constraints, step.constraint, { valid: true }) } : domain));
    case 'set-domain-not-null':
      return changeDomain(catalog, step.domain, (domain) => ({ ...domain, notNull: step.notNull }));
    case 'set-domain-default':
      return changeDomain(catalog, step.domain, (domain) => ({ ...domain, default: step.default }));
    case 'create-composite': {
      const key = creationKey(catalog, step.type);
      const columns = step.columns.map((column) => ({ ...column, type: storedType(catalog, column.type) }));
      return { ...catalog, composites: setIn(catalog.composites, key, columns), types: new Set(catalog.types).add(key) };
    }
    case 'create-type':
      return { ...catalog, types: new Set(catalog.types).add(creationKey(catalog, step.type)) };
    case 'rename-type':
      return moveType(catalog, step.type, (key) => keyOf(splitKey(key).schema, step.to));
    case 'set-type-schema':
      return moveType(catalog, step.type, (key) => keyOf(step.schema, splitKey(key).name));
    case 'drop-type':
      return dropTypes(catalog, step.types.map((type) => resolveIn(catalog, type, TYPES)), step.cascade);
    default:
      return catalog;
  }
}
