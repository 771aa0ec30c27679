/** Operations of the simulator as statements of Postgres. Values are written out: what a variable holds is known by then. */
import { domainsOf } from '../../../src/behaviour/simulate/domains.js';
import type { Operation, Program, ReadOperation, Term, Value, WriteOperation } from '../../../src/behaviour/simulate/program.js';
import { evaluate, termsIn, termsOf, type Environment } from '../../../src/behaviour/simulate/terms.js';

export type Columns = ReadonlyMap<string, ReadonlyMap<string, 'integer' | 'text' | 'boolean'>>;

/** The tables a program touches, with their columns. */
export function columnsOf(programs: readonly Program[]): Columns {
  const tables = new Map<string, Map<string, 'integer' | 'text' | 'boolean'>>();
  const domains = domainsOf(programs);
  const add = (table: string, column: string): void => {
    const known = tables.get(table) ?? new Map<string, 'integer' | 'text' | 'boolean'>();
    tables.set(table, known);
    const kinds = new Set((domains.columns.get(`${table}.${column}`) ?? []).filter((one) => one !== null).map((one) => typeof one));
    known.set(column, kinds.has('string') || kinds.size === 0 ? 'text' : kinds.has('boolean') ? 'boolean' : 'integer');
  };
  for (const program of programs) for (const operation of program.operations) for (const one of operationsIn(operation)) {
    tables.set(one.table, tables.get(one.table) ?? new Map<string, 'integer' | 'text' | 'boolean'>());
    if (one.op === 'write') for (const column of [...Object.keys(one.set), ...Object.keys(one.conflict?.update ?? {})]) add(one.table, column);
    if (one.op === 'read' && one.column !== null) add(one.table, one.column);
    for (const { term, table } of termsOf(one)) for (const part of termsIn(term)) if (part.kind === 'column' && table !== null) add(table, part.name);
  }
  for (const name of domains.columns.keys()) add(name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1));
  return tables;
}

function operationsIn(operation: Operation): readonly (ReadOperation | WriteOperation)[] {
  if (operation.op === 'read') return [operation];
  return operation.op === 'write' ? [operation, ...(operation.first === null ? [] : [operation.first])] : [];
}

export function literal(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

const OPERATORS: Readonly<Record<string, string>> = { and: 'AND', or: 'OR', equal: 'IS NOT DISTINCT FROM', 'not-equal': 'IS DISTINCT FROM', less: '<', 'less-or-equal': '<=', greater: '>', 'greater-or-equal': '>=', add: '+', subtract: '-', multiply: '*' };

/** `inner`: the subquery whose row a field belongs to. */
function expression(term: Term, table: string, environment: Environment, inner: ReadOperation | null): string {
  if (term.kind === 'column') return `"${table}"."${term.name}"`;
  const whole = [...termsIn(term)].every((part) => part.kind !== 'column' && (part.kind !== 'field' || inner === null || part.of !== inner.as));
  if (whole) return literal(evaluate(term, environment, null));
  if (term.kind === 'not') return `NOT (${expression(term.of, table, environment, inner)})`;
  if (term.kind === 'binary') return `(${expression(term.left, table, environment, inner)} ${OPERATORS[term.operator] ?? ''} ${expression(term.right, table, environment, inner)})`;
  if (term.kind === 'field' && inner !== null && term.of === inner.as) return `(${select(inner, `"${term.column}"`, environment)})`;
  return literal(evaluate(term, environment, null));
}

function select(operation: ReadOperation, what: string, environment: Environment): string {
  const lock = operation.lock === 'none' ? '' : ` FOR ${operation.lock.toUpperCase()}${operation.wait === 'skip' ? ' SKIP LOCKED' : operation.wait === 'nowait' ? ' NOWAIT' : ''}`;
  const order = operation.aggregate === null ? ` ORDER BY "${operation.table}".place` : '';
  return `SELECT ${what} FROM "${operation.table}" WHERE ${expression(operation.where, operation.table, environment, null)}${order}${operation.limit === null ? '' : ` LIMIT ${String(operation.limit)}`}${lock}`;
}

export function statementOf(operation: Operation, environment: Environment): string {
  switch (operation.op) {
    case 'read': {
      const aggregate = operation.aggregate === 'count' ? 'count(*)::int' : `coalesce(${operation.aggregate ?? ''}("${operation.column ?? 'id'}"), 0)::int`;
      return select(operation, operation.aggregate === null ? '*' : `${aggregate} AS value`, environment);
    }
    case 'write':
      return `${changing(operation, environment)} RETURNING "${operation.table}".*`;
    case 'lock': {
      const key = `hashtext(${literal(String(evaluate(operation.key, environment, null)))})`;
      return `SELECT pg_${operation.tries ? 'try_' : ''}advisory_${operation.scope === 'transaction' ? 'xact_' : ''}lock(${key}) AS value`;
    }
    case 'unlock':
      return `SELECT pg_advisory_unlock(hashtext(${literal(String(evaluate(operation.key, environment, null)))}))`;
    case 'end':
      return operation.outcome === 'commit' ? 'COMMIT' : 'ROLLBACK';
    default:
      throw new Error(`${operation.op} is nothing a database does`);
  }
}

function changing(operation: WriteOperation, environment: Environment): string {
  const { table, set, first, conflict } = operation;
  const assigned = (sets: WriteOperation['set']): string => Object.entries(sets).map(([column, term]) => `"${column}" = ${expression(term, table, environment, first)}`).join(', ');
  const condition = expression(operation.where, table, environment, first);
  if (operation.kind === 'delete') return `DELETE FROM "${table}" WHERE ${condition}`;
  if (operation.kind === 'update') return `UPDATE "${table}" SET ${assigned(set)} WHERE ${condition}`;
  const values = Object.values(set).map((term) => expression(term, table, environment, null));
  const otherwise = conflict === null ? '' : ` ON CONFLICT (${conflict.columns.map((one) => `"${one}"`).join(', ')}) DO ${conflict.update === null ? 'NOTHING' : `UPDATE SET ${assigned(conflict.update)}`}`;
  return `INSERT INTO "${table}" (${Object.keys(set).map((one) => `"${one}"`).join(', ')}) VALUES (${values.join(', ')})${otherwise}`;
}
