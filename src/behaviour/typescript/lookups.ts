import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { KeyPart } from '../event.js';
import type { Expression } from '../expression.js';
import { conjuncts } from '../query.js';
import { columnReference, rowOf } from '../same-row.js';
import { pickedOut } from './derived.js';
import type { CallNames } from './recognise.js';
import { bare } from './walk.js';
import type { Walk } from './walk.js';

/** The row of a list that meets a predicate: `products.find((one) => one.id === item.productId)`. null when it tells no key. */
export function rowFound(walk: Walk, list: Expression, predicate: Expression): Expression | null {
  if (list.kind !== 'result') return null;
  const key = conjuncts(predicate).flatMap((one): readonly KeyPart[] => {
    if (one.kind !== 'binary' || one.operator !== 'equal') return [];
    return keyPart(list.event, one.left, one.right) ?? keyPart(list.event, one.right, one.left) ?? [];
  });
  return pickedOut(walk, list, key);
}

function keyPart(list: number, side: Expression, other: Expression): readonly KeyPart[] | null {
  const column = columnReference(side);
  if (column?.event !== list || columnReference(other)?.event === list) return null;
  return [{ column: column.column, value: other }];
}

/** `byId.get(item.productId)` of `new Map(products.map((one) => [one.id, one]))`: one of the rows. null for anything else. */
export function lookupCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const callee = bare(node.expression);
  const [argument] = node.arguments;
  if (names.name !== 'get' || argument === undefined || node.arguments.length !== 1 || !syntax.isPropertyAccessExpression(callee)) return null;
  const held = bare(callee.expression);
  if (!syntax.isIdentifier(held) || walk.scope.values.get(held.text)?.kind !== 'call') return null;
  return rowUnder(walk, walk.evaluate(held), walk.evaluate(argument));
}

/** The row that a map or an object made of rows holds under a key. */
export function rowUnder(walk: Walk, holder: Expression, key: Expression): Expression | null {
  if (holder.kind !== 'call') return null;
  if (/(^|\.)(keyBy|indexBy)$/.test(holder.callee)) {
    const [list, column] = holder.arguments;
    return list === undefined || column?.kind !== 'literal' ? null : pickedOut(walk, list, [{ column: String(column.value), value: key }]);
  }
  const pairs = /^(new Map|Object\.fromEntries)$/.test(holder.callee) ? holder.arguments[0] : undefined;
  if (pairs?.kind !== 'call' || !pairs.callee.endsWith('map') || pairs.receiver === null) return null;
  const [pair] = pairs.arguments;
  const [column, row] = pair?.kind === 'array' ? pair.elements : [];
  const reference = column === undefined ? null : columnReference(column);
  const whole = row === undefined ? null : rowOf(row);
  if (reference === null || whole !== reference.event || pairs.receiver.kind !== 'result' || pairs.receiver.event !== whole) return null;
  return pickedOut(walk, pairs.receiver, [{ column: reference.column, value: key }]);
}
