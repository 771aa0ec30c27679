import { EngineRefused, type Engine, type Refusal } from '../engine.js';
import { identifier, literal } from './names.js';
import { candidateTexts } from './seed-candidates.js';
import { meantBy } from './seed-coming.js';
import type { SeedColumn, SeedFacts, SeedForeignKey, SeedTable } from './seed-facts.js';
import { valueOf } from './seed-values.js';

/** Key values that rows of a cycle already refer to: by table, then column, one for each row. */
export type Presets = Map<string, Map<string, string[]>>;

export interface RowContext {
  readonly engine: Engine;
  readonly facts: SeedFacts;
  readonly presets: Presets;
  /** Tables that are not filled yet. */
  readonly open: ReadonlySet<string>;
}

/** Columns that get their values together, and the values to try in turn. */
interface Slot {
  readonly columns: readonly string[];
  readonly candidates: readonly (readonly string[])[];
  at: number;
}

const MOST_ATTEMPTS = 40;
const MOST_COMBINATIONS = 1500;
const MOST_CANDIDATES = 60;

/** Inserts the n-th row; else says why the server does not take it. */
export async function insertRow(context: RowContext, table: SeedTable, n: number): Promise<string | null> {
  const slots = await slotsOf(context, table, n);
  const solutions = await solveChecks(context.engine, table, slots);
  let solution = 0;
  let replica = false;
  let last: Refusal | null = null;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    last = await insert(context.engine, table, slots, replica);
    if (last === null) return null;
    if (last.code === '23514' || last.code === '23505' || last.code === '23P01') {
      const next = solutions[(solution += 1)];
      if (next !== undefined) next.forEach((at, index) => { const slot = slots[index]; if (slot !== undefined) slot.at = at; });
      else if (!moveOn(table, slots, last)) break;
    } else if (last.code === '23503') {
      if (!moveOn(table, slots, last)) break;
    } else if (last.code.startsWith('22') || last.code.startsWith('42804')) {
      if (!await leaveOutWrong(context.engine, table, slots)) replica = true;
    } else if (!replica) replica = true;
    else break;
  }
  return last?.message ?? 'no row was taken';
}

async function insert(engine: Engine, table: SeedTable, slots: readonly Slot[], replica: boolean): Promise<Refusal | null> {
  const values = slots.flatMap((slot) => slot.columns.map((column, index) => [column, slot.candidates[slot.at]?.[index] ?? 'DEFAULT'] as const));
  const overriding = table.columns.some(({ always, name }) => always && values.some(([column, value]) => column === name && value !== 'DEFAULT'));
  const statement = values.length === 0
    ? `INSERT INTO ${identifier(table.schema, table.name)} DEFAULT VALUES`
    : `INSERT INTO ${identifier(table.schema, table.name)} (${values.map(([column]) => identifier(column)).join(', ')})${overriding ? ' OVERRIDING SYSTEM VALUE' : ''} VALUES (${values.map(([, value]) => value).join(', ')})`;
  if (!replica) return engine.attempt(statement);
  const refused = await engine.attempt("SET session_replication_role = 'replica'");
  if (refused !== null) return refused;
  const refusal = await engine.attempt(statement);
  await engine.attempt('RESET session_replication_role');
  return refusal;
}

async function slotsOf(context: RowContext, table: SeedTable, n: number): Promise<Slot[]> {
  const taken = new Set<string>(table.columns.filter(({ generated }) => generated).map(({ name }) => name));
  const slots: Slot[] = [];
  for (const foreign of table.foreign) {
    if (foreign.columns.some((column) => taken.has(column))) continue;
    const candidates = await referencesOf(context, table, foreign, n);
    if (candidates.length === 0) continue;
    slots.push({ columns: foreign.columns, candidates, at: 0 });
    for (const column of foreign.columns) taken.add(column);
  }
  const preset = context.presets.get(table.key);
  for (const column of table.columns) {
    if (taken.has(column.name)) continue;
    const known = preset?.get(column.name)?.[n];
    if (known !== undefined) slots.push({ columns: [column.name], candidates: [[known]], at: 0 });
    else if (!column.counted) {
      const meant = meantBy(context.facts.tables, table, column);
      const known = meant === null ? [] : await rowsReferred(context, table, meant, n);
      slots.push({ columns: [column.name], candidates: [...known, ...candidatesFor(context.facts, table, column, n).map((value) => [value])], at: 0 });
    }
  }
  return slots;
}

/** Rows of the referenced table to point to; where there are none yet, none at all, or keys that its rows will get. */
async function referencesOf(context: RowContext, table: SeedTable, foreign: SeedForeignKey, n: number): Promise<(readonly string[])[]> {
  const parent = context.facts.tables.get(foreign.table);
  if (parent === undefined) return [];
  const found = await rowsReferred(context, table, foreign, n);
  if (found.length > 0) return found;
  const nullable = foreign.columns.filter((name) => table.columns.find((column) => column.name === name)?.notNull === false);
  if (nullable.length > 0) return [foreign.columns.map((name) => (nullable.includes(name) ? 'NULL' : 'DEFAULT'))];
  if (!context.open.has(parent.key)) return [];
  return [foreign.referenced.map((name) => preset(context, parent, name, n))];
}

/** Keys of rows that are there, another one first for each `n`. */
async function rowsReferred(context: RowContext, table: SeedTable, foreign: SeedForeignKey, n: number): Promise<(readonly string[])[]> {
  const parent = context.facts.tables.get(foreign.table);
  if (parent === undefined) return [];
  const rows = await context.engine.query(`SELECT to_json(ARRAY[${foreign.referenced.map((column) => `${identifier(column)}::text`).join(', ')}])::text AS row FROM ${identifier(parent.schema, parent.name)} WHERE ${foreign.referenced.map((column) => `${identifier(column)} IS NOT NULL`).join(' AND ')} LIMIT 20`);
  const found = rows.map(({ row }) => (JSON.parse(row ?? '[]') as string[]).map((value, index) => `${literal(value)}::${castOf(table, foreign.columns[index] ?? '')}`));
  return found.length === 0 ? [] : [...found.slice(n % found.length), ...found.slice(0, n % found.length)];
}

function castOf(table: SeedTable, name: string): string {
  return table.columns.find((column) => column.name === name)?.cast ?? 'text';
}

/** Decides the key of a row that is still to be made. */
function preset(context: RowContext, parent: SeedTable, name: string, n: number): string {
  const columns = context.presets.get(parent.key) ?? new Map<string, string[]>();
  const values = columns.get(name) ?? [];
  const column = parent.columns.find((each) => each.name === name);
  const value = values[n] ?? (column === undefined ? 'NULL' : valueOf(context.facts, column.type, column.modifier, n + 900, name)) ?? 'NULL';
  values[n] = value;
  columns.set(name, values);
  context.presets.set(parent.key, columns);
  return value;
}

function candidatesFor(facts: SeedFacts, table: SeedTable, column: SeedColumn, n: number): string[] {
  const made = [0, 3, 7, 20, 51, 103, 207].flatMap((more) => valueOf(facts, column.type, column.modifier, n + more, column.name) ?? []);
  const distinct = [...new Set(made)].filter((value) => !isDefault(column, value));
  const checks = [...table.checks, ...table.coming].filter(({ columns }) => columns.includes(column.name)).map(({ condition }) => condition);
  const texts = checks.length === 0 ? [] : candidateTexts(checks, n).map((text) => `${literal(text)}::${column.cast}`);
  const last = column.notNull ? (column.default === null ? [] : ['DEFAULT']) : ['NULL'];
  const all = [...distinct, ...(distinct.length === 0 ? made : []), ...texts.slice(0, MOST_CANDIDATES), ...last];
  return all.length === 0 ? ['DEFAULT'] : all;
}

/** A value that down would bring back by itself shows nothing. */
function isDefault(column: SeedColumn, value: string): boolean {
  return column.default !== null && (column.default === value || column.default === value.replace(/^ ?E?'(.*)'::.*$/, '$1') || column.default.split('::')[0] === value.split('::')[0]);
}

/** Moves on the columns that a refusal speaks of. */
function moveOn(table: SeedTable, slots: readonly Slot[], refusal: Refusal): boolean {
  const named = [...refusal.message.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  const about = [...table.unique, ...table.checks, ...table.foreign].filter(({ name }) => named.includes(name));
  const columns = about.length === 0 ? table.checks.filter(({ name }) => name === '').flatMap((check) => check.columns) : about.flatMap((constraint) => constraint.columns);
  const movable = slots.filter((slot) => slot.candidates.length > 1 && slot.columns.some((column) => columns.includes(column)));
  const next = movable.find((slot) => slot.at + 1 < slot.candidates.length);
  if (next === undefined) return about.some(({ columns: own }) => own.some((name) => table.columns.some((column) => column.name === name && column.counted)));
  next.at += 1;
  return true;
}

/** Combinations of values that all conditions take, as the server tells: positions by slot, the plainest first. */
async function solveChecks(engine: Engine, table: SeedTable, slots: readonly Slot[]): Promise<readonly (readonly number[])[]> {
  const withComing = { ...table, checks: [...table.checks, ...table.coming] };
  if (withComing.checks.length === 0) return [];
  const involved = slots.filter((slot) => withComing.checks.some(({ columns }) => columns.some((column) => slot.columns.includes(column))));
  for (const slot of involved) await keepValid(engine, table, slot);
  const found: (readonly number[])[] = [];
  for (const { slots: together, conditions } of groups(withComing, involved)) {
    const own = table.checks.map(({ condition }) => condition).filter((condition) => conditions.includes(condition));
    const best = await solve(engine, table, together, conditions);
    const solved = best.length > 0 || own.length === conditions.length ? best : await solve(engine, table, together, own);
    if (solved.length > 0) together.forEach((slot, index) => { slot.at = solved[0]?.[index] ?? 0; });
    if (found.length === 0) found.push(...solved.slice(0, 10).map((positions) => slots.map((slot) => { const index = together.indexOf(slot); return index === -1 ? slot.at : (positions[index] ?? 0); })));
  }
  return found;
}

/** Conditions that share columns are solved together. */
function groups(table: SeedTable, slots: readonly Slot[]): { slots: Slot[]; conditions: string[] }[] {
  const found: { slots: Slot[]; conditions: string[] }[] = [];
  for (const check of table.checks) {
    const own = slots.filter((slot) => slot.columns.some((column) => check.columns.includes(column)));
    const joined = found.filter((group) => group.slots.some((slot) => own.includes(slot)));
    for (const group of joined) found.splice(found.indexOf(group), 1);
    found.push({ slots: [...new Set([...own, ...joined.flatMap((group) => group.slots)])], conditions: [check.condition, ...joined.flatMap((group) => group.conditions)] });
  }
  return found;
}

/** Throws out candidates that are no values of their type. */
async function keepValid(engine: Engine, table: SeedTable, slot: Slot): Promise<void> {
  const [column] = slot.columns;
  if (slot.columns.length !== 1 || column === undefined) return;
  const valid: (readonly string[])[] = [];
  for (const candidate of slot.candidates) {
    if (candidate[0] === 'DEFAULT' || candidate[0] === 'NULL' || await evaluates(engine, `${candidate[0] ?? 'NULL'}::${castOf(table, column)}`)) valid.push(candidate);
  }
  (slot as { candidates: readonly (readonly string[])[] }).candidates = valid;
}

async function evaluates(engine: Engine, expression: string): Promise<boolean> {
  try {
    await engine.query(`SELECT (${expression}) IS NULL AS none`);
    return true;
  } catch (error) {
    if (error instanceof EngineRefused) return false;
    throw error;
  }
}

async function solve(engine: Engine, table: SeedTable, slots: readonly Slot[], conditions: readonly string[]): Promise<readonly (readonly number[])[]> {
  const combinations = smallestFirst(slots.map((slot) => Math.max(1, slot.candidates.length)));
  if (slots.length === 0 || combinations.length === 0) return [];
  const columns = slots.flatMap((slot) => slot.columns);
  const rows = combinations.map((positions, index) => `(${[String(index), ...slots.flatMap((slot, place) => slot.columns.map((name, part) => shownValue(table, name, slot.candidates[positions[place] ?? 0]?.[part] ?? 'NULL')))].join(', ')})`);
  try {
    const found = await engine.query(`SELECT belay.belay_index::text AS index FROM (VALUES ${rows.join(', ')}) belay(belay_index, ${columns.map((name) => identifier(name)).join(', ')}) WHERE ${conditions.map((condition) => `((${condition}) IS NOT FALSE)`).join(' AND ')} ORDER BY belay.belay_index LIMIT 10`);
    return found.map(({ index }) => combinations[Number(index)] ?? []);
  } catch (error) {
    if (error instanceof EngineRefused) return [];
    throw error;
  }
}

function shownValue(table: SeedTable, name: string, value: string): string {
  const column = table.columns.find((each) => each.name === name);
  return `(${value === 'DEFAULT' ? (column?.default ?? 'NULL') : value})::${column?.cast ?? 'text'}`;
}

/** Positions in lists of these lengths, those near the beginning first, as many as are tried. */
function smallestFirst(lengths: readonly number[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  const most = lengths.reduce((sum, length) => sum + length - 1, 0);
  const extend = (prefix: readonly number[], left: number): void => {
    if (found.length >= MOST_COMBINATIONS) return;
    if (prefix.length === lengths.length) {
      if (left === 0) found.push([...prefix]);
      return;
    }
    const room = lengths.slice(prefix.length + 1).reduce((sum, length) => sum + length - 1, 0);
    for (let at = Math.max(0, left - room); at <= Math.min(left, (lengths[prefix.length] ?? 1) - 1) && found.length < MOST_COMBINATIONS; at += 1) extend([...prefix, at], left - at);
  };
  for (let sum = 0; sum <= most && found.length < MOST_COMBINATIONS; sum += 1) extend([], sum);
  return found;
}

/** Leaves out values that are none of their types; false where all are fine. */
async function leaveOutWrong(engine: Engine, table: SeedTable, slots: readonly Slot[]): Promise<boolean> {
  let changed = false;
  for (const slot of slots) {
    const [column] = slot.columns;
    if (slot.columns.length !== 1 || column === undefined) continue;
    while (slot.at + 1 < slot.candidates.length) {
      const value = slot.candidates[slot.at]?.[0] ?? 'NULL';
      if (value === 'DEFAULT' || await evaluates(engine, `${value}::${castOf(table, column)}`)) break;
      slot.at += 1;
      changed = true;
    }
  }
  return changed;
}
