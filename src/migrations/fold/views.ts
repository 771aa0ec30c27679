import { creationKey, directViewsOn, indexesOf, keyOf, resolveRelation, TEMPORARY, viewsOn, type Catalog, type View, type ViewColumn } from '../catalog.js';
import type { ColumnMention, Query, StepOf } from '../step.js';
import { changeIn, removeFrom, splitKey, withFresh, withView } from './edit.js';
import { dropIndexes } from './indexes.js';
import { relationExists } from './names.js';

interface Output extends ViewColumn {
  readonly notNull?: boolean;
}

/** The columns of a relation; null when it is not known to the last one. */
function columnsOf(catalog: Catalog, key: string): readonly Output[] | null {
  const table = catalog.tables.get(key);
  if (table !== undefined) return table.complete ? [...table.columns.values()] : null;
  return catalog.views.get(key)?.outputs ?? null;
}

type From = NonNullable<Query['shape']>['from'];

/** The relation of FROM that a mention means; the columns of all of them decide for one without a qualifier. */
function columnMeant(catalog: Catalog, from: From, mention: ColumnMention): Output | null {
  const candidates = from.filter((entry) => mention.of === null || entry.alias === mention.of);
  for (const { relation } of candidates) {
    const found = relation === null ? undefined : columnsOf(catalog, resolveRelation(catalog, relation))?.find((column) => column.name === mention.column);
    if (found !== undefined) return found;
  }
  return null;
}

/** What a query gives, column by column, on a database of this shape; null when a `*` cannot be spelt out. */
export function outputsOf(catalog: Catalog, query: Query): readonly ViewColumn[] | null {
  const { shape } = query;
  if (shape === undefined) return null;
  const found: ViewColumn[] = [];
  for (const output of shape.outputs) {
    if (output.kind === 'column') {
      const source = output.source === null ? null : columnMeant(catalog, shape.from, output.source);
      found.push({ name: output.name, type: output.type ?? source?.type ?? null, collation: source?.collation ?? null });
      continue;
    }
    for (const { relation } of shape.from.filter((entry) => output.of === null || entry.alias === output.of)) {
      const columns = relation === null ? null : columnsOf(catalog, resolveRelation(catalog, relation));
      if (columns === null) return null;
      found.push(...columns.map(({ name, type, collation }) => ({ name, type, collation })));
    }
  }
  return found;
}

function named(outputs: readonly ViewColumn[] | null, names: readonly string[]): readonly ViewColumn[] | null {
  if (outputs === null) return null;
  return outputs.map((output, index) => ({ ...output, name: names[index] ?? output.name }));
}

function mentionedNames(columns: readonly Output[], mention: ColumnMention): readonly string[] {
  if (mention.column === '*') return columns.map((column) => column.name);
  return columns.some((column) => column.name === mention.column) ? [mention.column] : [];
}

/** The columns a query depends on; null where a relation in it is not known well enough to tell. */
function usedColumns(catalog: Catalog, query: Query): ReadonlySet<string> | null {
  if (query.mentions === undefined || query.aliases === undefined) return null;
  const used = new Set<string>();
  const relations = query.aliases.map(({ alias, relation }) => ({ alias, key: resolveRelation(catalog, relation) }));
  for (const { alias, key } of relations) {
    const columns = columnsOf(catalog, key);
    if (columns === null) return null;
    for (const mention of query.mentions) {
      if (mention.of === null ? !mayMean(catalog, relations, mention, alias) : mention.of !== alias) continue;
      for (const name of mentionedNames(columns, mention)) used.add(`${key}.${name}`);
    }
  }
  return used;
}

type Named = readonly { readonly alias: string; readonly key: string }[];

/**
 * Whether a mention without a qualifier can mean a relation: one of the innermost SELECT that has such a column. What is no
 * relation there (a subquery, a function) may have it and hide those further out.
 */
function mayMean(catalog: Catalog, relations: Named, mention: ColumnMention, alias: string): boolean {
  if (mention.among === undefined) return true;
  for (const names of mention.among) {
    if (mention.column === '*') return names.includes(alias);
    const owners = relations.filter((each) => names.includes(each.alias) && columnsOf(catalog, each.key)?.some((column) => column.name === mention.column) === true);
    if (owners.length > 0) return owners.some((each) => each.alias === alias);
    if (names.some((name) => !relations.some((each) => each.alias === name))) return false;
  }
  return false;
}

export function createView(catalog: Catalog, step: StepOf<'create-view'> | StepOf<'create-materialized-view'>): Catalog {
  const key = step.kind === 'create-view' && step.temporary ? keyOf(TEMPORARY, step.view.name) : creationKey(catalog, step.view);
  const { schema, name } = splitKey(key);
  const exists = catalog.views.has(key);
  if (exists ? step.kind === 'create-materialized-view' : relationExists(catalog, schema, name)) return catalog;
  const view: View = {
    key,
    schema,
    name,
    materialized: step.kind === 'create-materialized-view',
    reads: [...new Set(step.query.reads.map((each) => resolveRelation(catalog, each)))],
    columns: step.query.columns,
    uses: usedColumns(catalog, step.query),
    outputs: named(outputsOf(catalog, step.query), step.kind === 'create-view' ? step.columns : (step.columns ?? [])),
    query: step.query.text,
  };
  const next = withView(catalog, view);
  return exists ? next : withFresh(next, key);
}

/** Removes views and their indexes; CASCADE takes the views on them along. */
export function dropViews(catalog: Catalog, keys: readonly string[], cascade: boolean): Catalog {
  if (keys.length === 0) return catalog;
  const all = cascade ? [...keys, ...keys.flatMap((key) => viewsOn(catalog, key).map((view) => view.key))] : keys;
  const next = dropIndexes(catalog, all.flatMap((key) => indexesOf(catalog, key).map((index) => index.key)));
  return { ...next, views: removeFrom(next.views, all), fresh: removeFrom(next.fresh, all) };
}

/** Views that use a column of a table, and the views on those. */
export function viewsOnColumn(catalog: Catalog, key: string, column: string): string[] {
  const found = new Set<string>();
  for (const view of directViewsOn(catalog, key)) {
    const uses = view.uses === null ? view.columns.includes(column) || view.columns.includes('*') : view.uses.has(`${key}.${column}`);
    if (!uses) continue;
    found.add(view.key);
    for (const outer of viewsOn(catalog, view.key)) found.add(outer.key);
  }
  return [...found];
}

/** Follows the renaming of a column in the views that read it: they go on working. */
export function renameUsedColumn(catalog: Catalog, key: string, from: string, to: string): Catalog {
  const changes = directViewsOn(catalog, key).flatMap((view): (readonly [string, View])[] => {
    const uses = view.uses === null ? null : new Set([...view.uses].map((each) => (each === `${key}.${from}` ? `${key}.${to}` : each)));
    const mentions = view.uses === null || view.uses.has(`${key}.${from}`);
    return [[view.key, { ...view, uses, columns: mentions ? view.columns.map((each) => (each === from ? to : each)) : view.columns }]];
  });
  return { ...catalog, views: changeIn(catalog.views, changes) };
}

/** Follows another key of a relation in the views that read it. */
export function moveReads(catalog: Catalog, from: string, to: string): Catalog {
  const changes = directViewsOn(catalog, from).map((view): readonly [string, View] => {
    const uses = view.uses === null ? null : new Set([...view.uses].map((each) => (each.startsWith(`${from}.`) ? to + each.slice(from.length) : each)));
    return [view.key, { ...view, reads: view.reads.map((each) => (each === from ? to : each)), uses }];
  });
  return { ...catalog, views: changeIn(catalog.views, changes) };
}
