import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Isolation } from '../event.js';
import type { Expression } from '../expression.js';
import { isolationOf } from '../sql-query.js';
import { property } from './adapters/where-object.js';
import { closureNamed, runClosure } from './closures.js';
import { place } from './place.js';
import { promiseUseOf } from './promise-use.js';
import type { CallNames } from './recognise.js';
import { emit, isCallback, nextId, within } from './walk.js';
import type { FunctionNode, Walk } from './walk.js';

const CALLBACK = /^(\$?transaction|tx|withTransaction|runInTransaction|inTransaction|runTransaction|executeTransaction|transactional|startTransaction|useTransaction|withTx|begin|\w*[a-z]Transaction|\w*[sS]erializ(able|ed)\w*)$/;

/** A transaction: a body handed over, a batch, or begin and end as calls of their own. null for anything else. */
export function transactionCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const body = node.arguments.find((one) => isCallback(one));
  const opens = CALLBACK.test(names.name) || (names.name === 'execute' && names.chain.links.some((link) => link.name === 'transaction' && link.call !== null));
  if (opens && body !== undefined) return bodied(walk, node, names, bodyOf(walk, body));
  const local = opens ? node.arguments.map((one) => localFunction(walk, one)).find((one) => one !== null) : undefined;
  if (local != null) return bodied(walk, node, names, local);
  const [first] = node.arguments;
  if (names.name === '$transaction' && first !== undefined && !isCallback(first)) return batch(walk, node, first);
  return statement(walk, node, names);
}

/** What runs in a transaction, and how it is run. */
interface Body {
  readonly node: FunctionNode;
  readonly run: (values: readonly Expression[]) => Expression;
}

function bodyOf(walk: Walk, node: FunctionNode): Body {
  return { node, run: (values) => walk.body(node, values) };
}

/** A function of the file, or one that the caller handed in. */
function localFunction(walk: Walk, node: ts.Expression): Body | null {
  const closure = closureNamed(walk, node);
  if (closure !== null) return { node: closure.node, run: (values) => runClosure(walk, closure, values) };
  const local = syntax.isIdentifier(node) ? walk.file.functions.get(node.text)?.node : undefined;
  return local === undefined ? null : bodyOf(walk, local);
}

function bodied(walk: Walk, node: ts.CallExpression, names: CallNames, { node: body, run }: Body): Expression {
  const levels = names.chain.links.flatMap((link) => (link.name === 'setIsolationLevel' ? (link.call?.arguments ?? []) : []));
  const options = [...node.arguments.filter((one) => one !== body && !isCallback(one)), ...levels].map((one) => walk.evaluate(one));
  const isolation = /serializable/i.test(names.name) ? 'serializable' : isOfMongo(names) ? 'snapshot' : isolationIn(options);
  const parameter = body.parameters[0]?.name;
  // `session.withTransaction(async () => …)`: the queries that name the session belong to it.
  const session = isOfMongo(names) && names.name === 'withTransaction' && names.receiver !== '' ? names.receiver : null;
  const handle = parameter !== undefined && syntax.isIdentifier(parameter) ? parameter.text : session;
  const transaction = nextId(walk);
  emit(walk, node.expression, { kind: 'tx-begin', transaction, handle, isolation, style: 'callback' });
  const outer = new Map(walk.scope.handles);
  if (handle !== null) {
    walk.scope.handles.set(handle, transaction);
    walk.scope.handles.set(`#${transaction}`, transaction);
  }
  const bound: Expression[] = handle === null ? [] : [{ kind: 'parameter', name: handle, outer: false }];
  const value = within(walk, { kind: 'transaction', id: transaction }, () => run(bound));
  emit(walk, node.expression, { kind: 'tx-end', transaction, outcome: 'scope' });
  walk.scope = { ...walk.scope, handles: outer };
  return value;
}

/** Two of MongoDB's transactions that change one document conflict, and one of them fails. */
function isOfMongo(names: CallNames): boolean {
  return /(^|\.)\w*[sS]ession$/.test(names.receiver) || (names.name === 'transaction' && [...names.file.modules].some((name) => /^(mongoose|mongodb)$/.test(name)));
}

/** The level among a call's options: `{ isolationLevel: … }`, or the level itself. */
function isolationIn(options: readonly Expression[]): Isolation {
  for (const option of options) {
    const level = property(option, 'isolationLevel') ?? property(option, 'isolation') ?? property(option, 'mode') ?? option;
    const words = wordsOf(level);
    if (words === null) continue;
    const isolation = isolationOf(words);
    if (isolation !== 'default') return isolation;
  }
  return 'default';
}

function wordsOf(value: Expression): string | null {
  if (value.kind === 'literal') return String(value.value);
  if (value.kind === 'field' || value.kind === 'parameter') return value.name;
  return value.kind === 'either' || value.kind === 'conditional' ? null : null;
}

function batch(walk: Walk, node: ts.CallExpression, list: ts.Expression): Expression {
  const isolation = isolationIn(node.arguments.slice(1).map((one) => walk.evaluate(one)));
  const transaction = nextId(walk);
  emit(walk, node.expression, { kind: 'tx-begin', transaction, handle: null, isolation, style: 'batch' });
  const value = within(walk, { kind: 'transaction', id: transaction }, () => walk.evaluate(list));
  emit(walk, node.expression, { kind: 'tx-end', transaction, outcome: 'scope' });
  return value;
}

/** `await sequelize.transaction()`, `queryRunner.startTransaction('SERIALIZABLE')`, `t.commit()`. */
function statement(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const promise = promiseUseOf(node);
  if (/^(transaction|startTransaction|beginTransaction|unmanagedTransaction)$/.test(names.name) && names.receiver !== '') {
    const ofSession = names.name === 'startTransaction' && isOfMongo(names);
    if (ofSession) return place(walk, node, { is: 'begin', isolation: 'snapshot', handle: names.receiver }, names.callee, promise);
    if (promise !== 'awaited' && promise !== 'stored') return null;
    const isolation = isolationIn(node.arguments.map((one) => walk.evaluate(one)));
    const runner = /startTransaction|beginTransaction/.test(names.name) ? names.receiver : null;
    return place(walk, node, { is: 'begin', isolation, handle: runner }, names.callee, promise);
  }
  const ends = /^(commit|commitTransaction|rollback|rollbackTransaction|abortTransaction)$/.test(names.name);
  const bound = names.receiver !== '' && names.receiver.split('.').some((part) => walk.scope.handles.has(part));
  if (!ends || (!bound && !walk.scope.handles.has(names.receiver))) return null;
  return place(walk, node, { is: 'end', outcome: names.name.startsWith('commit') ? 'commit' : 'rollback' }, names.callee, promise);
}
