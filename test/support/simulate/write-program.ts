/** Short words for programs of the simulator. */
import type {
  Context, EffectOperation, Handlers, LockOperation, NamedScope, Operation, Operator, Program, ReadOperation, Term, Value, WriteOperation,
} from '../../../src/behaviour/simulate/program.js';

export const value = (one: Value): Term => ({ kind: 'value', value: one });
export const given = (name: string): Term => ({ kind: 'parameter', name });
export const field = (of: string, column: string): Term => ({ kind: 'field', of, column });
export const number = (name: string): Term => ({ kind: 'variable', name });
export const column = (name: string): Term => ({ kind: 'column', name });
export const affected = (of: string): Term => ({ kind: 'affected', of });
export const exists = (of: string): Term => ({ kind: 'exists', of });
export const me: Term = { kind: 'me' };
export const now: Term = { kind: 'now' };
export const not = (of: Term): Term => ({ kind: 'not', of });
export const always: Term = value(true);

const binary = (operator: Operator) => (left: Term, right: Term): Term => ({ kind: 'binary', operator, left, right });
export const and = binary('and');
export const equal = binary('equal');
export const differs = binary('not-equal');
export const less = binary('less');
export const atLeast = binary('greater-or-equal');
export const more = binary('greater');
export const plus = binary('add');
export const minus = binary('subtract');

/** `where({ id: given('id') })`. */
export const where = (columns: Readonly<Record<string, Term>>): Term =>
  Object.entries(columns).map(([name, term]) => equal(column(name), term)).reduce((all, one) => and(all, one));

const here = { line: 0, text: '' };

type ReadOptions = Partial<Pick<ReadOperation, 'lock' | 'wait' | 'limit' | 'connection' | 'aggregate' | 'column' | 'handlers'>>;

export const read = (as: string, table: string, condition: Term, options: ReadOptions = {}): ReadOperation => ({ ...here, op: 'read', as, table, where: condition, aggregate: null, column: null, lock: 'none', wait: 'block', limit: null, connection: 'transaction', handlers: {}, ...options });

export const count = (as: string, table: string, condition: Term): ReadOperation => read(as, table, condition, { aggregate: 'count' });

type WriteOptions = Partial<Pick<WriteOperation, 'as' | 'conflict' | 'first' | 'connection' | 'handlers'>>;

const write = (kind: WriteOperation['kind'], table: string, condition: Term, set: WriteOperation['set'], options: WriteOptions): WriteOperation => ({ ...here, op: 'write', kind, as: `${kind} ${table}`, table, where: condition, set, conflict: null, first: null, connection: 'transaction', handlers: {}, ...options });

export const update = (table: string, condition: Term, set: WriteOperation['set'], options: WriteOptions = {}): WriteOperation => write('update', table, condition, set, options);
export const insert = (table: string, set: WriteOperation['set'], options: WriteOptions = {}): WriteOperation => write('insert', table, always, set, options);
export const remove = (table: string, condition: Term, options: WriteOptions = {}): WriteOperation => write('delete', table, condition, {}, options);

/** Goes on where the condition holds, else throws or jumps. */
export const check = (condition: Term, otherwise: string | null = null): Operation => ({ ...here, op: 'guard', condition, otherwise });
export const begin = (isolation: Context['isolation'] | null = null): Operation => ({ ...here, op: 'begin', isolation });
export const commit: Operation = { ...here, op: 'end', outcome: 'commit' };
export const lock = (scope: NamedScope, key: Term = value('key'), options: Partial<Pick<LockOperation, 'tries' | 'as' | 'connection'>> = {}): LockOperation => ({ ...here, op: 'lock', key, scope, tries: false, as: 'locked', connection: 'transaction', ...options });
export const unlock = (key: Term = value('key')): Operation => ({ ...here, op: 'unlock', key });
export const effect = (kind: string, key: Term = value('it')): EffectOperation => ({ ...here, op: 'effect', kind, key });
export const answer = (one: Term | null = null): Operation => ({ ...here, op: 'return', value: one });
export const label = (name: string): Operation => ({ ...here, op: 'label', name });
export const goTo = (name: string): Operation => ({ ...here, op: 'goto', label: name });
export const pause: Operation = { ...here, op: 'await' };
export const recall = (as: string, name: string): Operation => ({ ...here, op: 'memory-read', as, field: name });
export const remember = (name: string, one: Term): Operation => ({ ...here, op: 'memory-write', field: name, value: one });

export const onDuplicate = (name: string, { keepsTransaction = false, savepoint = false } = {}): Handlers => ({ duplicate: { label: name, keepsTransaction, savepoint } });

export function program(name: string, operations: readonly Operation[]): Program {
  return { name, operations: operations.map((one, index) => ({ ...one, line: index + 1, text: one.op === 'read' || one.op === 'write' ? `${one.op} ${one.table}` : one.op })) };
}

export function context(parts: { readonly engine?: Context['engine']; readonly isolation?: Context['isolation']; readonly unique?: readonly (readonly [string, ...string[]])[]; readonly singleProcess?: boolean } = {}): Context {
  const { engine = 'postgres', isolation = engine === 'postgres' ? 'read-committed' : 'repeatable-read', unique = [], singleProcess = false } = parts;
  return { engine, isolation, isolationSource: 'assumed', unique: unique.map(([table, ...columns]) => ({ table, columns, source: 'repository' })), singleProcess };
}
