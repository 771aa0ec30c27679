import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { rowOf } from '../same-row.js';
import { storeField } from './assign.js';
import { argumentsOf } from './call-arguments.js';
import { fieldOf } from './member.js';
import type { CallNames } from './recognise.js';
import { bare } from './walk.js';
import type { Walk } from './walk.js';

const READS = /^(get|getDataValue)$/;
const WRITES = /^(set|setDataValue)$/;

/** `account.get('balance')`, `account.set({ balance: 3 })` of a row that was read: Sequelize's and Mongoose's spelling of its columns. */
export function rowMethod(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const callee = bare(node.expression);
  if ((!READS.test(names.name) && !WRITES.test(names.name)) || !syntax.isPropertyAccessExpression(callee)) return null;
  const owner = bare(callee.expression);
  if (!syntax.isIdentifier(owner)) return null;
  const held = walk.scope.values.get(owner.text);
  const row = held === undefined ? null : rowOf(held);
  if (held === undefined || row === null || walk.events[row]?.kind !== 'read') return null;
  const [first, second] = argumentsOf(walk, node);
  if (READS.test(names.name)) return first === undefined || first.kind === 'object' ? held : first.kind === 'literal' ? fieldOf(walk, held, String(first.value)) : null;
  if (first?.kind === 'object') for (const one of first.properties) storeField(walk, node, held, one.name, one.value);
  else if (first?.kind === 'literal' && second !== undefined) storeField(walk, node, held, String(first.value), second);
  return held;
}
