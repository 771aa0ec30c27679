import type { Expression } from '../../expression.js';
import type { Relation } from '../../query.js';
import { property } from './where-object.js';

/** Prisma's `include`, and its `select` where that goes on into another table; Drizzle's `with`. */
export function relationsIn(options: Expression | undefined): readonly Relation[] {
  const included = [...members(property(options, 'include')), ...members(property(options, 'with'))].filter(({ value }) => value.kind === 'object' || (value.kind === 'literal' && value.value === true));
  const selected = members(property(options, 'select')).filter(({ value }) => value.kind === 'object');
  return [...included, ...selected].filter(({ name }) => !name.startsWith('_')).map(({ name, value }) => ({ name, relations: relationsIn(value) }));
}

function members(value: Expression | undefined): readonly { readonly name: string; readonly value: Expression }[] {
  return value?.kind === 'object' ? value.properties : [];
}

/** TypeORM's `relations`: `['wallet', 'items.product']`, or `{ wallet: true, items: { product: true } }`. */
export function namedRelations(value: Expression | undefined): readonly Relation[] {
  if (value?.kind === 'object') return value.properties.map((one) => ({ name: one.name, relations: namedRelations(one.value) }));
  if (value?.kind !== 'array') return [];
  return byPaths(value.elements.flatMap((one) => (one.kind === 'literal' && typeof one.value === 'string' ? [one.value.split('.')] : [])));
}

/** Paths through relations as a tree: `items` and `items.product` are one relation with another in it. */
export function byPaths(paths: readonly (readonly string[])[]): readonly Relation[] {
  const heads = [...new Set(paths.flatMap(([head]) => (head === undefined || head === '' ? [] : [head])))];
  return heads.map((name) => ({ name, relations: byPaths(paths.filter(([head]) => head === name).map((path) => path.slice(1))) }));
}

/** Sequelize's `include`: models, `{ model: Wallet, as: 'wallet', include: … }`, names of associations. */
export function includedModels(value: Expression | undefined): readonly Relation[] {
  if (value === undefined) return [];
  if (value.kind === 'array') return value.elements.flatMap((one) => includedModels(one));
  if (value.kind === 'literal') return typeof value.value === 'string' ? [{ name: value.value, relations: [] }] : [];
  if (value.kind === 'parameter' || value.kind === 'field') return [{ name: value.name, entityName: value.name, relations: [] }];
  const model = property(value, 'model');
  const entityName = model?.kind === 'parameter' || model?.kind === 'field' ? model.name : undefined;
  const as = property(value, 'as') ?? property(value, 'association');
  const name = as?.kind === 'literal' && typeof as.value === 'string' ? as.value : entityName;
  if (name === undefined) return [];
  return [{ name, ...(entityName === undefined ? {} : { entityName }), relations: includedModels(property(value, 'include')) }];
}
