import type { Catalog, Column, Table, TableConstraint } from '../../../src/migrations/catalog.js';
import type { TypeName } from '../../../src/migrations/definition.js';

/** One line for each object, by its kind and name: what `describeDatabase` says of a server, said of a catalog. */
export type Shape = ReadonlyMap<string, string>;

function typeText({ schema, name, modifiers, array }: TypeName): string {
  const all = name === 'numeric' && modifiers.length === 1 ? [...modifiers, 0] : modifiers;
  return `${schema === null || schema === 'public' ? '' : `${schema}.`}${name}${all.length === 0 ? '' : `(${all.join()})`}${array ? '[]' : ''}`;
}

function words(...parts: readonly (string | false | null)[]): string {
  return parts.filter((part) => part !== false && part !== null && part !== '').join(' ');
}

function columnText(column: Column, position: number): string {
  return words(
    `#${position} ${typeText(column.type)}`,
    column.notNull && 'not null',
    column.default !== null && !/^null$/i.test(column.default.text) && 'default',
    column.identity !== null && `identity ${column.identity}`,
    column.generated !== null && `generated ${column.generated.kind}`,
    column.collation !== null && column.collation.name !== 'default' && `collate ${column.collation.name}`,
    column.inherited && 'inherited',
  );
}

function constraintText({ definition, valid, referenced, inherited }: TableConstraint): string {
  const columns = definition.kind === 'check' ? [...definition.expression.columns].sort() : definition.kind === 'not-null' ? [definition.column] : definition.columns;
  const key = definition.kind === 'foreign-key' ? `-> ${referenced ?? '?'} (${definition.referencedColumns.join()}) ${definition.onDelete} ${definition.onUpdate} ${definition.match}` : null;
  const deferrable = 'deferrable' in definition && definition.deferrable;
  const deferred = 'initiallyDeferred' in definition && definition.initiallyDeferred;
  return words(`${definition.kind} (${columns.join()})`, key, deferrable && 'deferrable', deferred && 'deferred', !valid && 'not valid', inherited && 'inherited');
}

function* tableLines(table: Table): Generator<[string, string]> {
  const partition = table.partitionOf === null ? null : `of ${table.partitionOf.parent}${table.partitionOf.bound.default ? ' default' : ''}`;
  const by = table.partitionBy === null ? null : `by ${table.partitionBy.strategy} (${table.partitionBy.columns.map((column) => column ?? '*').join()})`;
  yield [`table ${table.key}`, words(table.persistence, by, partition, table.inherits.length > 0 && `inherits ${[...table.inherits].sort().join()}`, table.rowSecurity !== 'off' && `security ${table.rowSecurity}`)];
  for (const [index, column] of [...table.columns.values()].entries()) yield [`column ${table.key}.${column.name}`, columnText(column, index + 1)];
  for (const constraint of table.constraints.values()) if (constraint.definition.kind !== 'not-null') yield [`constraint ${table.key} ${constraint.name}`, constraintText(constraint)];
  for (const [trigger, called] of table.triggers) yield [`trigger ${table.key} ${trigger}`, called];
  for (const policy of table.policies) yield [`policy ${table.key} ${policy}`, ''];
}

function* lines(catalog: Catalog): Generator<[string, string]> {
  for (const schema of catalog.schemas) yield [`schema ${schema}`, ''];
  for (const table of catalog.tables.values()) yield* tableLines(table);
  for (const index of catalog.indexes.values()) {
    const columns = index.columns.map((column) => column ?? '*').join();
    yield [`index ${index.key}`, words(`on ${index.table} ${index.method} (${columns})`, index.include.length > 0 && `include (${index.include.join()})`, index.unique && 'unique', index.nullsNotDistinct && 'nulls not distinct', index.partial && 'partial', !index.valid && 'invalid', index.constraint !== null && `constraint ${index.constraint}`, index.parent !== null && `part of ${index.parent}`)];
  }
  for (const view of catalog.views.values()) {
    yield [`view ${view.key}`, words(view.materialized && 'materialized', `reads ${[...view.reads].sort().join()}`)];
    if (view.uses !== null) yield [`uses ${view.key}`, [...view.uses].sort().join()];
    if (view.outputs !== null) yield [`outputs ${view.key}`, view.outputs.map((output) => output.name).join()];
    for (const output of view.outputs ?? []) if (output.type !== null) yield [`output ${view.key}.${output.name}`, typeText(output.type)];
  }
  for (const sequence of catalog.sequences.values()) yield [`sequence ${sequence.key}`, sequence.ownedBy === null ? 'free' : `of ${sequence.ownedBy.table}.${sequence.ownedBy.column}`];
  for (const [key, values] of catalog.enums) yield [`enum ${key}`, values.join()];
  for (const domain of catalog.domains.values()) {
    const checks = [...domain.constraints].map(([name, { valid }]) => `${name}${valid ? '' : ' not valid'}`).sort();
    yield [`domain ${domain.key}`, words(typeText(domain.type), domain.notNull && 'not null', domain.default !== null && 'default', checks.join())];
  }
  for (const [key, columns] of catalog.composites) yield [`composite ${key}`, columns.map((column) => `${column.name} ${typeText(column.type)}`).join(', ')];
  for (const [key, fact] of catalog.functions) yield [`function ${key}`, [...fact.signatures].sort().join(' | ')];
}

export function describeCatalog(catalog: Catalog): Shape {
  return new Map(lines(catalog));
}

/** What a catalog may leave out because it does not claim to know it. */
const OPTIONAL = /^(?:uses|outputs|output) /;

/** What a server and a catalog say differently, one line each. */
export function differences(server: Shape, catalog: Shape): string[] {
  const found: string[] = [];
  for (const key of new Set([...server.keys(), ...catalog.keys()])) {
    const [real, ours] = [server.get(key), catalog.get(key)];
    if (real === ours || (ours === undefined && OPTIONAL.test(key))) continue;
    found.push(`${key}: server ${real ?? 'has none'} · catalog ${ours ?? 'has none'}`);
  }
  return found.sort();
}
