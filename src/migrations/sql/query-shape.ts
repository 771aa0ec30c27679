import type { Node, SelectStmt } from '../../languages/sql.js';
import type { QualifiedName } from '../definition.js';
import type { ColumnMention, Query, QueryOutput, QueryShape } from '../step.js';
import { figureColumnName } from './column-name.js';
import { visitNodes } from './expression.js';
import { relationName, strings, typeName } from './names.js';
import { visitRelations } from './scopes.js';

/** A column as written: `t.a`, `s.t.a`, `a`, `t.*`. */
function mentionOf(node: Node): ColumnMention | null {
  if (!('ColumnRef' in node)) return null;
  const fields = node.ColumnRef.fields ?? [];
  const names = strings(fields);
  const all = fields.some((field) => 'A_Star' in field);
  const column = all ? '*' : names.at(-1);
  return column === undefined ? null : { of: (all ? names.at(-1) : names.at(-2)) ?? null, column };
}

function output(node: Node): QueryOutput[] {
  if (!('ResTarget' in node)) return [];
  const { name, val } = node.ResTarget;
  if (val === undefined) return [];
  const mention = mentionOf(val);
  if (mention?.column === '*') return [{ kind: 'all', of: mention.of }];
  const cast = 'TypeCast' in val ? typeName(val.TypeCast.typeName) : null;
  return [{ kind: 'column', name: name ?? figureColumnName(val) ?? '?column?', source: mention, type: cast }];
}

type From = QueryShape['from'][number];

/** The entries of FROM, joins taken apart. */
function fromEntries(node: Node, own: ReadonlySet<string>): From[] {
  if ('JoinExpr' in node) return [node.JoinExpr.larg, node.JoinExpr.rarg].flatMap((side) => (side === undefined ? [] : fromEntries(side, own)));
  if ('RangeVar' in node) {
    const relation = relationName(node.RangeVar);
    return [{ alias: node.RangeVar.alias?.aliasname ?? relation.name, relation: relation.schema === null && own.has(relation.name) ? null : relation }];
  }
  const alias = 'RangeSubselect' in node ? node.RangeSubselect.alias : 'RangeFunction' in node ? node.RangeFunction.alias : undefined;
  return [{ alias: alias?.aliasname ?? '', relation: null }];
}

function withNames(select: SelectStmt): ReadonlySet<string> {
  return new Set((select.withClause?.ctes ?? []).flatMap((each) => ('CommonTableExpr' in each ? [each.CommonTableExpr.ctename ?? ''] : [])));
}

/** What a single SELECT gives; a UNION is named by its first branch. JOIN … USING merges columns, which is left unknown. */
function shapeOf(select: SelectStmt): QueryShape | null {
  let first = select;
  for (let depth = 0; first.larg !== undefined && depth < 200; depth += 1) first = first.larg;
  if (first.valuesLists !== undefined) {
    const [row] = first.valuesLists;
    const items = row !== undefined && 'List' in row ? (row.List.items ?? []) : [];
    return { outputs: items.map((_, index) => ({ kind: 'column', name: `column${String(index + 1)}`, source: null, type: null })), from: [] };
  }
  let merges = false;
  visitNodes(first.fromClause ?? [], (node) => {
    if ('JoinExpr' in node && (node.JoinExpr.isNatural === true || node.JoinExpr.usingClause !== undefined)) merges = true;
  });
  const outputs = (first.targetList ?? []).flatMap(output);
  if (merges && outputs.some((each) => each.kind === 'all')) return null;
  const own = withNames(select);
  return { outputs, from: (first.fromClause ?? []).flatMap((each) => fromEntries(each, own)) };
}

interface Scoped {
  readonly value: unknown;
  /** The names in FROM of the SELECTs around it, the innermost first. */
  readonly among: readonly (readonly string[])[];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names in the FROM of a SELECT, whose node may come without its tag (a branch of UNION). */
function namesIn(select: Readonly<Record<string, unknown>>): readonly string[] {
  return ((select['fromClause'] ?? []) as readonly Node[]).flatMap((each) => fromEntries(each, new Set()).map(({ alias }) => alias));
}

/** Every column that a statement mentions, with the names that one without a qualifier can mean. Trees may be thousands deep. */
function scopedMentions(root: Node): ColumnMention[] {
  const found: ColumnMention[] = [];
  const pending: Scoped[] = [{ value: root, among: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, among } = next;
    if (Array.isArray(value)) {
      for (const each of value) pending.push({ value: each, among });
      continue;
    }
    if (!isRecord(value)) continue;
    const mention = mentionOf(value as unknown as Node);
    if (mention !== null) found.push(mention.of === null ? { ...mention, among } : mention);
    const join = value['JoinExpr'];
    // A column of USING belongs to both sides.
    if (isRecord(join)) for (const column of strings(join['usingClause'] as readonly Node[] | undefined)) found.push({ of: null, column });
    const inside = 'fromClause' in value ? [namesIn(value), ...among] : among;
    for (const [key, each] of Object.entries(value)) if (isRecord(each) || Array.isArray(each)) pending.push({ value: each, among: key === 'larg' || key === 'rarg' ? among : inside });
  }
  return found;
}

/** What a query gives and what it mentions, as far as its text tells. */
export function queryDetails(node: Node | undefined): Pick<Query, 'shape' | 'mentions' | 'aliases'> {
  if (node === undefined) return {};
  const mentions = new Map<string, ColumnMention>();
  const aliases = new Map<string, { readonly alias: string; readonly relation: QualifiedName }>();
  for (const mention of scopedMentions(node)) mentions.set(`${mention.of ?? ''}\n${mention.column}\n${JSON.stringify(mention.among ?? null)}`, mention);
  visitRelations(node, (each) => {
    const relation = relationName(each);
    const alias = each.alias?.aliasname ?? relation.name;
    aliases.set(`${alias}\n${relation.schema ?? ''}.${relation.name}`, { alias, relation });
  });
  const shape = 'SelectStmt' in node ? shapeOf(node.SelectStmt) : null;
  return { mentions: [...mentions.values()], aliases: [...aliases.values()], ...(shape === null ? {} : { shape }) };
}
