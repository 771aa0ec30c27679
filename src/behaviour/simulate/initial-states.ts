import { domainsOf, type Domains } from './domains.js';
import type { Program, Value } from './program.js';
import { serially } from './serial-ends.js';
import { termsIn, termsOf, type Values } from './terms.js';
import type { InitialRow, InitialState, Run, Subject, World } from './world.js';

export interface StateBounds {
  /** Candidates looked at. */
  readonly candidates: number;
  /** States kept. */
  readonly kept: number;
}

export interface InitialStates {
  readonly states: readonly InitialState[];
  /** There are more than were looked at. */
  readonly cut: boolean;
}

/** States of one kind, by how each run comes out alone and after the other. */
const MOST_ALIKE = 6;

/** A table with more kinds of row than this is looked at in part. */
const MOST_ROWS = 96;

/**
 * States in which something can go wrong: each run alone writes, and the second notices the first. Small numbers, every state a
 * row is compared with and one more, no, one and two rows; arguments equal and different between runs.
 */
export function initialStates(subject: Subject, bounds: StateBounds): InitialStates {
  const domains = domainsOf(subject.programs);
  const choices = [...tablesIn(subject.programs).map((table) => rowSets(table, domains, subject)), ...subject.programs.map((program, index) => argumentsOf(program, domains, index))];
  const total = choices.reduce((product, one) => product * one.length, 1);
  const kept: InitialState[] = [];
  const alike = new Map<string, number>();
  const looked = Math.min(total, bounds.candidates);
  for (let count = 0; count < looked && kept.length < bounds.kept; count += 1) {
    const state = pick(choices, subject.programs.length, total <= bounds.candidates ? count : (count * STRIDE) % total);
    const kind = kindOf(subject, state);
    if (kind === null || (alike.get(kind) ?? 0) >= MOST_ALIKE) continue;
    alike.set(kind, (alike.get(kind) ?? 0) + 1);
    kept.push(state);
  }
  return { states: kept, cut: total > looked };
}

/** A prime: its multiples spread over every product of small numbers. */
const STRIDE = 7919;

type Choice = { readonly rows: readonly InitialRow[] } | { readonly parameters: Values };

function pick(choices: readonly (readonly Choice[])[], runs: number, number: number): InitialState {
  const rows: InitialRow[] = [];
  const parameters: Values[] = [];
  let rest = number;
  for (const options of choices) {
    const one = options[rest % options.length];
    rest = Math.floor(rest / options.length);
    if (one === undefined) continue;
    if ('rows' in one) rows.push(...one.rows);
    else parameters.push(one.parameters);
  }
  return { rows, parameters: parameters.slice(0, runs) };
}

/** How the runs come out alone and one after the other; null where nothing can go wrong. */
function kindOf(subject: Subject, state: InitialState): string | null {
  const alone = subject.programs.map((_, index) => serially(subject, state, [index]));
  if (alone.some((world, index) => world?.runs[index]?.committed !== true)) return null;
  const pairs = subject.programs.flatMap((_, second) => subject.programs.flatMap((__, first) => (first === second ? [] : [{ first, second, world: serially(subject, state, [first, second]) }])));
  const notices = pairs.some(({ second, world }) => world !== null && logOf(world, second) !== logOf(alone[second] ?? world, second));
  if (!notices) return null;
  return [...alone.map((world, index) => shapeOf(world?.runs[index])), ...pairs.map(({ second, world }) => shapeOf(world?.runs[second]))].join(' | ');
}

function logOf(world: World, index: number): string {
  return world.runs[index]?.log.join('\n') ?? '';
}

function shapeOf(run: Run | undefined): string {
  return run === undefined ? '' : `${run.guards.map((one) => `${String(one.at)}${one.held ? '+' : '-'}`).join('')} ${run.missed.join()} ${run.outcome?.kind ?? ''}`;
}

function tablesIn(programs: readonly Program[]): readonly string[] {
  const names = programs.flatMap((program) => program.operations.flatMap((one) => (one.op === 'write' ? [one.table, ...(one.first === null ? [] : [one.first.table])] : one.op === 'read' ? [one.table] : [])));
  return [...new Set(names)];
}

/** No row, every single row, every two rows that can stand beside each other; single rows first. */
function rowSets(table: string, domains: Domains, subject: Subject): readonly Choice[] {
  const columns = [...domains.columns].filter(([name, values]) => name.startsWith(`${table}.`) && values.length > 1);
  const all = product(columns.map(([name, values]) => [name.slice(table.length + 1), values]));
  const stride = Math.max(1, Math.ceil(all.length / MOST_ROWS));
  const rows = all.filter((_, index) => index % stride === 0);
  const keys = [['id'], ...subject.context.unique.filter((index) => index.table === table).map((index) => index.columns)];
  const single = rows.map((values) => ({ rows: [{ table, values }] }));
  const few = rows.length > 24 ? rows.filter((_, index) => index % Math.ceil(rows.length / 24) === 0) : rows;
  const pairs = few.flatMap((one, index) => few.slice(index).filter((other) => apart(one, other, keys)).map((other) => ({ rows: [{ table, values: one }, { table, values: other }] })));
  return [...single, { rows: [] }, ...pairs];
}

/** Whether no key is the same in both. */
function apart(one: Values, other: Values, keys: readonly (readonly string[])[]): boolean {
  return keys.every((key) => key.some((column) => one[column] === undefined || one[column] === null || one[column] !== other[column]));
}

/** Every combination of arguments; the second run's are in the same order, so that equal ones come early. */
function argumentsOf(program: Program, domains: Domains, index: number): readonly Choice[] {
  const names = new Set(program.operations.flatMap((one) => [...termsOf(one)].flatMap(({ term }) => [...termsIn(term)].flatMap((part) => (part.kind === 'parameter' ? [part.name] : [])))));
  const lists = [...names].map((name): readonly [string, readonly Value[]] => [name, domains.parameters.get(name) ?? ['given']]);
  // Two runs of one program are alike: the first need not try every value of a key.
  return product(lists).slice(0, index === 0 ? 16 : 32).map((parameters) => ({ parameters }));
}

function product(lists: readonly (readonly [string, readonly Value[]])[]): readonly Values[] {
  let all: readonly Values[] = [{}];
  for (const [name, values] of lists) {
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
    if (all.length > 20_000) return all.slice(0, 20_000);
  }
  return all;
}
