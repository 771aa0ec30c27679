import type { Node, RangeVar, TypeName as TypeNode } from '../../languages/sql.js';
import type { QualifiedName, TypeName } from '../definition.js';
import { quoteLiteral, quoteName } from '../quote.js';

const NOWHERE: QualifiedName = { schema: null, name: '' };

/** The strings of a list of String nodes. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

export function relationName(relation: RangeVar | undefined): QualifiedName {
  return { schema: relation?.schemaname ?? null, name: relation?.relname ?? '', ...(relation === undefined || relation.inh === true ? {} : { only: true }) };
}

/** Whether a name belongs to the server itself: its catalogs and their views. */
export function isServerRelation(name: QualifiedName): boolean {
  return name.schema === null ? name.name.startsWith('pg_') : name.schema === 'pg_catalog' || name.schema === 'information_schema';
}

/** A dotted name; a leading catalog name is dropped. */
export function dottedName(nodes: readonly Node[] | undefined): QualifiedName {
  const parts = strings(nodes);
  const name = parts.at(-1);
  return name === undefined ? NOWHERE : { schema: parts.at(-2) ?? null, name };
}

/** The name in an object of DROP, COMMENT or ALTER: a list, a type, a routine with arguments, or a bare string. */
export function objectName(node: Node | undefined): QualifiedName {
  if (node === undefined) return NOWHERE;
  if ('List' in node) return dottedName(node.List.items);
  if ('TypeName' in node) return dottedName(node.TypeName.names);
  if ('ObjectWithArgs' in node) return dottedName(node.ObjectWithArgs.objname);
  if ('String' in node) return { schema: null, name: node.String.sval ?? '' };
  if ('RangeVar' in node) return relationName(node.RangeVar);
  return NOWHERE;
}

/** Function names lose `pg_catalog.`, so that `pg_catalog.now()` is `now()`. */
export function functionName(nodes: readonly Node[] | undefined): QualifiedName {
  const name = dottedName(nodes);
  return { schema: name.schema === 'pg_catalog' ? null : name.schema, name: name.name };
}

function integers(nodes: readonly Node[] | undefined): number[] {
  return (nodes ?? []).flatMap((node) => ('A_Const' in node && node.A_Const.ival !== undefined ? [node.A_Const.ival.ival ?? 0] : []));
}

// How people write the built-in types without their standard names.
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['serial2', 'smallserial'],
  ['serial4', 'serial'],
  ['serial8', 'bigserial'],
]);

// interval(3) says that all fields count with this mask.
const ALL_FIELDS = 0x7fff;

function modifierText(node: Node): string {
  if ('ColumnRef' in node) return strings(node.ColumnRef.fields).map(quoteName).join('.');
  if (!('A_Const' in node)) return '';
  const { sval, fval, ival } = node.A_Const;
  return sval !== undefined ? quoteLiteral(sval.sval ?? '') : (fval?.fval ?? String(ival?.ival ?? 0));
}

/** Modifiers that are not all numbers, as in geometry(Point, 4326). */
function detailOf(nodes: readonly Node[] | undefined): { readonly detail?: string } {
  const plain = (nodes ?? []).every((node) => 'A_Const' in node && node.A_Const.ival !== undefined);
  const texts = (nodes ?? []).map(modifierText);
  return plain || texts.includes('') ? {} : { detail: texts.join(', ') };
}

/** `int[3][]`; nothing for a plain `int[]`. */
function dimensionsOf(nodes: readonly Node[] | undefined): { readonly dimensions?: readonly (number | null)[] } {
  const sizes = (nodes ?? []).map((node) => ('Integer' in node && (node.Integer.ival ?? 0) >= 0 ? (node.Integer.ival ?? 0) : null));
  return sizes.length === 0 || (sizes.length === 1 && sizes[0] === null) ? {} : { dimensions: sizes };
}

export function typeName(node: TypeNode | undefined): TypeName {
  const name = dottedName(node?.names);
  const modifiers = integers(node?.typmods);
  const builtin = name.schema === 'pg_catalog';
  const interval = name.name === 'interval' && modifiers.length > 0;
  return {
    schema: builtin ? null : name.schema,
    name: ALIASES.get(name.name) ?? name.name,
    // interval's first modifier is the mask of its fields.
    modifiers: interval ? modifiers.slice(1) : modifiers,
    ...(interval && modifiers[0] !== ALL_FIELDS ? { fields: modifiers[0] ?? ALL_FIELDS } : {}),
    ...detailOf(node?.typmods),
    array: (node?.arrayBounds?.length ?? 0) > 0,
    ...dimensionsOf(node?.arrayBounds),
  };
}
