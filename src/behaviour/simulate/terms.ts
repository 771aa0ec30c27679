import type { Operation, ReadOperation, Term, Value } from './program.js';

export type Values = Readonly<Record<string, Value>>;

/** A row as a variable holds it. */
export interface HeldRow {
  readonly row: number;
  readonly values: Values;
}

/** What a variable holds: the rows of a read or write with the condition they were found by, or a plain value. */
export type Held =
  | { readonly kind: 'rows'; readonly table: string; readonly where: Term; readonly rows: readonly HeldRow[]; readonly affected: number; readonly written: boolean; readonly limit: number | null }
  | { readonly kind: 'aggregate'; readonly read: ReadOperation; readonly where: Term; readonly value: Value }
  | { readonly kind: 'value'; readonly value: Value };

export interface Environment {
  readonly me: string;
  readonly parameters: Values;
  readonly variables: Readonly<Record<string, Held>>;
}

export const NOW = 'now()';

/** Computes a term. `row` is the row being matched or written. Comparisons with nothing fail, as in SQL; `equal null` asks for it. */
export function evaluate(term: Term, environment: Environment, row: Values | null): Value {
  switch (term.kind) {
    case 'value':
      return term.value;
    case 'parameter':
      return environment.parameters[term.name] ?? null;
    case 'field': {
      const held = environment.variables[term.of];
      return held?.kind === 'rows' ? (held.rows[0]?.values[term.column] ?? null) : null;
    }
    case 'variable': {
      const held = environment.variables[term.name];
      return held === undefined || held.kind === 'rows' ? null : held.value;
    }
    case 'column':
      return row?.[term.name] ?? null;
    case 'affected': {
      const held = environment.variables[term.of];
      return held?.kind === 'rows' ? held.affected : 0;
    }
    case 'exists': {
      const held = environment.variables[term.of];
      return held?.kind === 'rows' && held.rows.length > 0;
    }
    case 'me':
      return environment.me;
    case 'now':
      return NOW;
    case 'opaque':
      return `${term.name}(${term.of.map((one) => String(evaluate(one, environment, row))).join(',')})`;
    case 'not':
      return !truthy(evaluate(term.of, environment, row));
    case 'binary':
      return computed(term, environment, row);
  }
}

export function holds(term: Term, environment: Environment, row: Values | null): boolean {
  return truthy(evaluate(term, environment, row));
}

function truthy(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

function computed(term: Extract<Term, { kind: 'binary' }>, environment: Environment, row: Values | null): Value {
  const { operator } = term;
  const left = evaluate(term.left, environment, row);
  if (operator === 'and') return truthy(left) && holds(term.right, environment, row);
  if (operator === 'or') return truthy(left) || holds(term.right, environment, row);
  const right = evaluate(term.right, environment, row);
  if (operator === 'equal') return left === right;
  if (operator === 'not-equal') return left !== right;
  if (left === null || right === null) return operator === 'add' || operator === 'subtract' || operator === 'multiply' ? null : false;
  switch (operator) {
    case 'less':
      return left < right;
    case 'less-or-equal':
      return left <= right;
    case 'greater':
      return left > right;
    case 'greater-or-equal':
      return left >= right;
    default:
      return arithmetic(operator, left, right);
  }
}

/** Of anything but numbers a value that tells its making: two different additions to one text differ. */
function arithmetic(operator: 'add' | 'subtract' | 'multiply', left: Value, right: Value): Value {
  if (typeof left !== 'number' || typeof right !== 'number') return `${String(left)}${operator === 'add' ? '+' : operator === 'subtract' ? '-' : '*'}${String(right)}`;
  return operator === 'add' ? left + right : operator === 'subtract' ? left - right : left * right;
}

/** The term with everything but the row's columns computed: a predicate that means the same later and to others. */
export function bound(term: Term, environment: Environment): Term {
  switch (term.kind) {
    case 'column':
      return term;
    case 'not':
      return { kind: 'not', of: bound(term.of, environment) };
    case 'binary':
      return { kind: 'binary', operator: term.operator, left: bound(term.left, environment), right: bound(term.right, environment) };
    default:
      return { kind: 'value', value: evaluate(term, environment, null) };
  }
}

const NOBODY: Environment = { me: '', parameters: {}, variables: {} };

/** Whether a row meets a bound predicate. */
export function meets(predicate: Term, row: Values): boolean {
  return holds(predicate, NOBODY, row);
}

/** The columns that a predicate pins to one value each. */
export function pinned(predicate: Term): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  const visit = (term: Term): void => {
    if (term.kind !== 'binary') return;
    if (term.operator === 'and') {
      visit(term.left);
      visit(term.right);
    } else if (term.operator === 'equal') {
      if (term.left.kind === 'column' && term.right.kind === 'value') found.set(term.left.name, term.right.value);
      if (term.right.kind === 'column' && term.left.kind === 'value') found.set(term.right.name, term.left.value);
    }
  };
  visit(predicate);
  return found;
}

/** A term and everything in it. */
export function* termsIn(term: Term): Generator<Term> {
  yield term;
  if (term.kind === 'not') yield* termsIn(term.of);
  else if (term.kind === 'binary') {
    yield* termsIn(term.left);
    yield* termsIn(term.right);
  } else if (term.kind === 'opaque') for (const one of term.of) yield* termsIn(one);
}

/** Every term of an operation, with the table its columns belong to. */
export function* termsOf(operation: Operation): Generator<{ readonly term: Term; readonly table: string | null }> {
  switch (operation.op) {
    case 'read':
      yield { term: operation.where, table: operation.table };
      return;
    case 'write':
      if (operation.first !== null) yield* termsOf(operation.first);
      yield { term: operation.where, table: operation.table };
      for (const term of [...Object.values(operation.set), ...Object.values(operation.conflict?.update ?? {})]) yield { term, table: operation.table };
      return;
    case 'guard':
      yield { term: operation.condition, table: null };
      return;
    case 'lock':
    case 'unlock':
    case 'effect':
      yield { term: operation.key, table: null };
      return;
    case 'return':
      if (operation.value !== null) yield { term: operation.value, table: null };
      return;
    case 'memory-write':
      yield { term: operation.value, table: null };
      return;
    default:
      return;
  }
}
