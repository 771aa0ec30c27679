import type { ts } from '../../languages/typescript.js';
import type { LockScope } from '../event.js';
import type { Expression } from '../expression.js';
import { speaksOfLocks } from '../lock-words.js';
import { closureNamed, runClosure } from './closures.js';
import { place } from './place.js';
import { promiseUseOf } from './promise-use.js';
import type { CallNames } from './recognise.js';
import { emit, isCallback, nextId, within } from './walk.js';
import type { FileFacts, FunctionNode, Walk } from './walk.js';

const PROCESS = /^(async-mutex|async-lock|await-lock|async-sema|p-mutex|semaphore-async-await|await-semaphore)$/;

/** A lock: a wrapper around a body, or acquire and release as calls of their own. null for anything else. */
export function lockCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const configured = isConfigured(names.callee, walk.file.lockWrappers);
  if (!configured && !locks(names)) return null;
  const body = node.arguments.find((one) => isCallback(one)) as FunctionNode | undefined;
  if (body !== undefined) return wrapped(walk, node, names, () => walk.body(body, []));
  const handed = node.arguments.map((one) => closureNamed(walk, one)).find((one) => one !== null);
  if (handed != null) return wrapped(walk, node, names, () => runClosure(walk, handed, []));
  const promise = promiseUseOf(node);
  if (/^(release\w*|unlock\w*|\w*[uU]nlock|freeLock)$/.test(names.name)) return place(walk, node, { is: 'unlock', name: names.callee }, names.callee, promise);
  if (!configured && !/^(acquire\w*|lock|tryLock\w*|try\w*Lock|obtain\w*|take\w*|get\w*Lock|lock[A-Z]\w*|wait\w*Lock)$/.test(names.name)) return null;
  const values = node.arguments.map((one) => walk.evaluate(one));
  const scope = scopeOf(names, walk.file);
  return place(walk, node, { is: 'lock', name: names.callee, key: values[0] ?? null, scope, tries: /try/i.test(names.name) }, names.callee, promise);
}

/** By name, or because it comes from a package of mutexes. */
function locks(names: CallNames): boolean {
  if (speaksOfLocks(names.callee)) return true;
  return names.chain.root !== '' && PROCESS.test(names.file.imports.get(names.chain.root) ?? '');
}

function isConfigured(callee: string, wrappers: readonly string[]): boolean {
  return wrappers.some((wrapper) => {
    const name = wrapper.replaceAll('::', '.');
    return callee === name || callee.endsWith(`.${name}`);
  });
}

function wrapped(walk: Walk, node: ts.CallExpression, names: CallNames, run: () => Expression): Expression {
  const values = node.arguments.filter((one) => !isCallback(one)).map((one) => walk.evaluate(one));
  const lock = nextId(walk);
  emit(walk, node.expression, { kind: 'lock-acquire', lock, name: names.callee, key: values[0] ?? null, scope: scopeOf(names, walk.file), ttl: null, tries: /try/i.test(names.name), promise: promiseUseOf(node) });
  const value = within(walk, { kind: 'lock', id: lock }, run);
  emit(walk, node.expression, { kind: 'lock-release', lock, name: names.callee, inFinally: true });
  return value;
}

function scopeOf(names: CallNames, file: FileFacts): LockScope {
  if (/redlock|redis|distributed|cluster|etcd|consul|zookeeper/i.test(names.callee)) return 'cluster';
  if (/advisory/i.test(names.callee)) return 'session';
  if (/mutex|semaphore|asyncLock/i.test(names.callee)) return 'process';
  const root = names.chain.root;
  return PROCESS.test(file.imports.get(root) ?? '') || [...file.modules].some((module) => PROCESS.test(module)) ? 'process' : 'unknown';
}
