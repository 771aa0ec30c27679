import { creationKey, keyOf, resolveIn, type Catalog, type Domain } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import type { Step, StepOf } from '../step.js';
import { freeName, removeFrom, renameIn, setIn, splitKey } from './edit.js';

function changeDomain(catalog: Catalog, name: QualifiedName, change: (domain: Domain) => Domain): Catalog {
  const key = resolveIn(catalog, name, ['domains']);
  const domain = catalog.domains.get(key);
  return domain === undefined ? catalog : { ...catalog, domains: setIn(catalog.domains, key, change(domain)) };
}

function createDomain(catalog: Catalog, step: StepOf<'create-domain'>): Catalog {
  const key = creationKey(catalog, step.domain);
  const constraints = new Map<string, { valid: boolean }>();
  for (const constraint of step.constraints) constraints.set(constraint.name ?? freeName((name) => constraints.has(name), step.domain.name, '', 'check'), { valid: true });
  return { ...catalog, domains: setIn(catalog.domains, key, { key, type: step.type, notNull: step.notNull, constraints }) };
}

function addDomainConstraint(catalog: Catalog, step: StepOf<'add-domain-constraint'>): Catalog {
  const { constraint } = step;
  return changeDomain(catalog, step.domain, (domain) => {
    const name = constraint.name ?? freeName((each) => domain.constraints.has(each), step.domain.name, '', 'check');
    return { ...domain, constraints: setIn(domain.constraints, name, { valid: !('notValid' in constraint && constraint.notValid) }) };
  });
}

function changeEnum(catalog: Catalog, type: QualifiedName, change: (values: readonly string[]) => readonly string[]): Catalog {
  const key = resolveIn(catalog, type, ['enums']);
  return { ...catalog, enums: setIn(catalog.enums, key, change(catalog.enums.get(key) ?? [])) };
}

function addEnumValue(values: readonly string[], step: StepOf<'add-enum-value'>): readonly string[] {
  if (values.includes(step.value)) return values;
  const at = step.neighbour === null ? -1 : values.indexOf(step.neighbour);
  if (at === -1) return [...values, step.value];
  const place = step.after ? at + 1 : at;
  return [...values.slice(0, place), step.value, ...values.slice(place)];
}

function moveType(catalog: Catalog, type: QualifiedName, to: (key: string) => string): Catalog {
  const key = resolveIn(catalog, type, ['enums', 'domains']);
  const moved = to(key);
  const rename = { schema: type.schema === null ? null : splitKey(moved).schema, name: splitKey(moved).name };
  const tables = new Map(
    [...catalog.tables].map(([each, table]) => {
      const columns = new Map([...table.columns].map(([name, column]) => [name, column.type.name === type.name && resolveIn(catalog, column.type, ['enums', 'domains']) === key ? { ...column, type: { ...column.type, ...rename } } : column]));
      return [each, { ...table, columns }];
    }),
  );
  return {
    ...catalog,
    tables,
    enums: renameIn(catalog.enums, key, moved, (values) => values),
    domains: renameIn(catalog.domains, key, moved, (domain) => ({ ...domain, key: moved })),
    types: new Set([...catalog.types].map((each) => (each === key ? moved : each))),
  };
}

/** Steps about types and domains; any other step leaves the catalog as it is. */
export function applyTypeStep(catalog: Catalog, step: Step): Catalog {
  switch (step.kind) {
    case 'create-enum':
      return { ...catalog, enums: setIn(catalog.enums, creationKey(catalog, step.type), step.values) };
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
    case 'create-composite':
    case 'create-type':
      return { ...catalog, types: new Set(catalog.types).add(creationKey(catalog, step.type)) };
    case 'rename-type':
      return moveType(catalog, step.type, (key) => keyOf(splitKey(key).schema, step.to));
    case 'set-type-schema':
      return moveType(catalog, step.type, (key) => keyOf(step.schema, splitKey(key).name));
    case 'drop-type': {
      const keys = step.types.map((type) => resolveIn(catalog, type, ['enums', 'domains']));
      return { ...catalog, enums: removeFrom(catalog.enums, keys), domains: removeFrom(catalog.domains, keys), types: new Set([...catalog.types].filter((each) => !keys.includes(each))) };
    }
    default:
      return catalog;
  }
}
