import type { Operation, Program, Term, Value } from './program.js';
import { NOW } from './terms.js';

/** The values that each column and parameter takes in initial states, told from what it is compared with and computed from. */
export interface Domains {
  /** By `table.column`. */
  readonly columns: ReadonlyMap<string, readonly Value[]>;
  readonly parameters: ReadonlyMap<string, readonly Value[]>;
}

/** Names that hold the same kind of value. */
interface Group {
  readonly names: Set<string>;
  readonly literals: Set<Value>;
  numeric: boolean;
  compared: boolean;
  /** Asked whether it is there, or true. */
  tested: boolean;
}

/** Any value that is none of those the program knows. */
const OTHER = 'other';

/** A text that others are appended to. */
const TEXT = 'text';

/** Follows equalities, assignments and arithmetic through all programs, and gives each group of names its values. */
export function domainsOf(programs: readonly Program[]): Domains {
  const groups = new Map<string, Group>();
  for (const program of programs) {
    const reader = readerOf(program, groups);
    for (const operation of program.operations) collect(operation, reader);
  }
  const columns = new Map<string, readonly Value[]>();
  const parameters = new Map<string, readonly Value[]>();
  for (const [name, group] of groups) {
    if (name.startsWith('column ')) columns.set(name.slice(7), columnValues(group));
    if (name.startsWith('parameter ')) parameters.set(name.slice(10), parameterValues(group));
  }
  return { columns, parameters };
}

function columnValues(group: Group): readonly Value[] {
  if (isNumber(group)) return [2, 1, 3, 0];
  if (isChoice(group)) return choices(group);
  return group.compared ? [1, 2] : [null];
}

function parameterValues(group: Group): readonly Value[] {
  if (isNumber(group)) return [1, 2];
  if (isChoice(group)) return choices(group).filter((one) => one !== null);
  return group.compared ? [1, 2] : ['given'];
}

function isNumber(group: Group): boolean {
  return group.numeric && ![...group.literals].some((one) => typeof one === 'string' || typeof one === 'boolean');
}

function isChoice(group: Group): boolean {
  return group.tested || group.literals.size > 0;
}

function choices(group: Group): readonly Value[] {
  const literals = [...group.literals].filter((one) => one !== NOW);
  const truths = literals.some((one) => typeof one === 'boolean');
  if (truths) return [false, true, ...(literals.includes(null) ? [null] : [])];
  const absent = group.tested || literals.includes(null) ? [null] : [];
  return [...absent, ...literals.filter((one) => one !== null), typeof literals[0] === 'number' ? 9 : OTHER];
}

interface Reader {
  readonly groups: Map<string, Group>;
  /** The table a variable's rows come from; null for a number. */
  readonly tables: ReadonlyMap<string, string>;
  /** The column an aggregate is made of. */
  readonly aggregates: ReadonlyMap<string, string>;
}

function readerOf(program: Program, groups: Map<string, Group>): Reader {
  const tables = new Map<string, string>();
  const aggregates = new Map<string, string>();
  for (const operation of program.operations) {
    if (operation.op === 'write') {
      tables.set(operation.as, operation.table);
      if (operation.first !== null) tables.set(operation.first.as, operation.first.table);
    } else if (operation.op === 'read') {
      if (operation.aggregate === null) tables.set(operation.as, operation.table);
      else aggregates.set(operation.as, operation.column === null || operation.aggregate === 'count' ? `count ${operation.as}` : `column ${operation.table}.${operation.column}`);
    }
  }
  return { groups, tables, aggregates };
}

function collect(operation: Operation, reader: Reader): void {
  switch (operation.op) {
    case 'read':
      visit(operation.where, operation.table, reader, true);
      if (operation.aggregate !== null && operation.column !== null) group(reader, `column ${operation.table}.${operation.column}`).numeric = true;
      return;
    case 'write': {
      if (operation.first !== null) collect(operation.first, reader);
      visit(operation.where, operation.table, reader, true);
      const sets = [...Object.entries(operation.set), ...Object.entries(operation.conflict?.update ?? {})];
      for (const [column, term] of sets) {
        visit(term, operation.table, reader, false);
        related({ kind: 'column', name: column }, term, operation.table, reader);
      }
      return;
    }
    case 'guard':
      visit(operation.condition, null, reader, true);
      return;
    case 'effect':
    case 'lock':
      visit(operation.key, null, reader, false);
      return;
    case 'return':
      if (operation.value !== null) visit(operation.value, null, reader, false);
      return;
    case 'memory-write':
      visit(operation.value, null, reader, false);
      return;
    default:
      return;
  }
}

function visit(term: Term, table: string | null, reader: Reader, tested: boolean): void {
  if (term.kind === 'not') return visit(term.of, table, reader, tested);
  if (term.kind === 'opaque') {
    for (const one of term.of) visit(one, table, reader, false);
    return;
  }
  if (term.kind !== 'binary') {
    const name = nameOf(term, table, reader);
    if (name !== null && tested) group(reader, name).tested = true;
    else if (name !== null) group(reader, name);
    return;
  }
  const logical = term.operator === 'and' || term.operator === 'or';
  visit(term.left, table, reader, logical && tested);
  visit(term.right, table, reader, logical && tested);
  if (logical) return;
  related(term.left, term.right, table, reader);
  const ordered = term.operator !== 'equal' && term.operator !== 'not-equal';
  const text = [term.left, term.right].some((side) => side.kind === 'me' || side.kind === 'opaque');
  for (const side of [term.left, term.right]) {
    const name = nameOf(side, table, reader);
    if (name === null) continue;
    group(reader, name).compared = true;
    if (ordered) group(reader, name).numeric = true;
    if (ordered && text) group(reader, name).literals.add(TEXT);
  }
}

/** Two sides that hold the same kind of value. */
function related(left: Term, right: Term, table: string | null, reader: Reader): void {
  const [one, other] = [namesIn(left, table, reader), namesIn(right, table, reader)];
  for (const first of one) for (const second of other) join(reader, first, second);
  for (const [names, side] of [[one, right], [other, left]] as const) {
    if (side.kind !== 'value' && side.kind !== 'now') continue;
    for (const name of names) group(reader, name).literals.add(side.kind === 'now' ? NOW : side.value);
  }
}

/** The names of a plain value, or of all that is added up. */
function namesIn(term: Term, table: string | null, reader: Reader): readonly string[] {
  if (term.kind === 'binary' && (term.operator === 'add' || term.operator === 'subtract' || term.operator === 'multiply')) return [...namesIn(term.left, table, reader), ...namesIn(term.right, table, reader)];
  const name = nameOf(term, table, reader);
  return name === null ? [] : [name];
}

function nameOf(term: Term, table: string | null, reader: Reader): string | null {
  switch (term.kind) {
    case 'parameter':
      return `parameter ${term.name}`;
    case 'column':
      return table === null ? null : `column ${table}.${term.name}`;
    case 'field': {
      const of = reader.tables.get(term.of);
      return of === undefined ? null : `column ${of}.${term.column}`;
    }
    case 'variable':
      return reader.aggregates.get(term.name) ?? null;
    default:
      return null;
  }
}

function group(reader: Reader, name: string): Group {
  const known = reader.groups.get(name);
  if (known !== undefined) return known;
  const fresh: Group = { names: new Set([name]), literals: new Set(), numeric: name.startsWith('count '), compared: false, tested: false };
  reader.groups.set(name, fresh);
  return fresh;
}

function join(reader: Reader, one: string, other: string): void {
  const [into, from] = [group(reader, one), group(reader, other)];
  if (into === from) return;
  for (const name of from.names) {
    into.names.add(name);
    reader.groups.set(name, into);
  }
  for (const literal of from.literals) into.literals.add(literal);
  into.numeric ||= from.numeric;
  into.compared ||= from.compared;
  into.tested ||= from.tested;
}
