import { resolveIn, resolveRelation, uniqueColumnSets, type Catalog } from '../catalog.js';
import { displayName, isSmallTable, tableSize } from '../describe.js';
import { isInUse } from '../describe/work.js';
import { typeWords } from '../describe/words.js';
import type { JudgedMigration, JudgedStep } from '../judge-migrations.js';
import type { TableSize } from '../../core/config.js';
import type { Step, StepOf } from '../step.js';
import { isUnknownWork } from './copies.js';
import { recreatedEnums } from './recreated-enum.js';

/** A statement that the rows of production can make fail. */
export interface DataFailure {
  readonly judged: JudgedStep;
  readonly symbol: string;
  /** `certain`: one row is enough, whatever it holds; `values`: it depends on what the rows hold. */
  readonly kind: 'certain' | 'values';
  /** The sentence, without its place. */
  readonly words: string;
  readonly remedy: string;
}

/** Statements of a migration's up direction that fail on rows as they are. What another rule says of a failure is left to it. */
export function dataFailures(migration: JudgedMigration, tables: ReadonlyMap<string, TableSize>): readonly DataFailure[] {
  const recreated = recreatedEnums(migration.migration.up, migration.before).flatMap((each) => each.changes);
  return migration.steps.flatMap((judged) => {
    if (!('table' in judged.step) || judged.step.table === null) return [];
    const key = resolveRelation(judged.before, judged.step.table);
    if (!isInUse(judged.before, key) || tableSize(tables, key)?.rows === 0 || !judged.before.tables.has(key)) return [];
    const found = notNullOnBlank(migration, judged, key) ?? doubled(migration, judged, key) ?? duplicates(migration, judged, key, isSmallTable(tables, key));
    if (found !== null) return [found];
    return judged.step.kind === 'set-type' && !recreated.includes(judged.step) ? (badCast(migration, judged, judged.step, key) ?? []) : [];
  });
}

function earlier(migration: JudgedMigration, judged: JudgedStep): readonly Step[] {
  return migration.steps.slice(0, migration.steps.indexOf(judged)).map(({ step }) => step);
}

/** Whether a step may write or remove rows of a table. By its name alone: which schema an unqualified name leads to is not always known. */
function mayTouchRows(step: Step, key: string): boolean {
  if (isUnknownWork(step)) return true;
  const names = step.kind === 'truncate' ? step.tables : step.kind === 'insert' || step.kind === 'update' || step.kind === 'delete' ? [step.table] : [];
  return names.some((each) => key.endsWith(`.${each.name}`));
}

/** A column that came with this migration, holds NULL in every row, and shall not. */
function notNullOnBlank(migration: JudgedMigration, judged: JudgedStep, key: string): DataFailure | null {
  const { step, before } = judged;
  const columns = step.kind === 'set-not-null' ? [step.column] : step.kind === 'add-constraint' && step.constraint.kind === 'primary-key' ? step.constraint.columns : [];
  const blank = columns.find((column) => before.blank.has(`${key}.${column}`) && before.tables.get(key)?.columns.get(column)?.notNull === false);
  if (blank === undefined || earlier(migration, judged).some((each) => each.kind === 'create-trigger' || mayTouchRows(each, key))) return null;
  const name = `${displayName(key)}.${blank}`;
  return {
    judged,
    symbol: name,
    kind: 'certain',
    words: `\`${name}\` was added without a default and nothing has filled it: every row holds NULL, so that this fails as soon as \`${displayName(key)}\` has a row (“column "${blank}" … contains null values”)`,
    remedy: `Fill \`${blank}\` in a migration of its own before this one, or add it with a default.`,
  };
}

interface Uniqueness {
  readonly columns: readonly string[];
  readonly isPartial: boolean;
}

/** The columns that a step makes unique by looking at the rows; null when it does not, or an expression is among them. */
function madeUnique(step: Step): Uniqueness | null {
  if (step.kind === 'create-index' && step.unique) {
    const columns = step.elements.flatMap((element) => element.column ?? []);
    return columns.length === step.elements.length ? { columns, isPartial: step.predicate !== null } : null;
  }
  if (step.kind === 'add-constraint' && (step.constraint.kind === 'unique' || step.constraint.kind === 'primary-key') && step.constraint.usingIndex === null) return { columns: step.constraint.columns, isPartial: false };
  if (step.kind !== 'add-column') return null;
  return step.column.constraints.some((each) => each.kind === 'unique' || each.kind === 'primary-key') ? { columns: [step.column.name], isPartial: false } : null;
}

/** Columns that came with this migration, hold the same value in every row, and shall be unique. */
function doubled(migration: JudgedMigration, judged: JudgedStep, key: string): DataFailure | null {
  const unique = madeUnique(judged.step);
  if (unique === null || unique.isPartial || unique.columns.length === 0) return null;
  const known = migration.before.tables.get(key);
  const definitions = unique.columns.map((column) => addedColumn(migration, judged, key, column));
  if (known?.complete !== true || definitions.some((each) => each?.column.default?.constant !== true || /^null\b/i.test(each.column.default.text))) return null;
  if (earlier(migration, judged).some((each) => mayTouchRows(each, key))) return null;
  const names = unique.columns.map((column) => `\`${displayName(key)}.${column}\``).join(', ');
  return {
    judged,
    symbol: `${displayName(key)}.${unique.columns.join('_')}`,
    kind: 'certain',
    words: `${names} holds its default \`${definitions[0]?.column.default?.text ?? ''}\` in every row, so that making it unique fails as soon as \`${displayName(key)}\` has two rows (“could not create unique index”)`,
    remedy: 'Add the column without a default, give each row its own value in batches, and build the unique index in a later migration.',
  };
}

function addedColumn(migration: JudgedMigration, judged: JudgedStep, key: string, column: string): StepOf<'add-column'> | undefined {
  const steps = [...earlier(migration, judged), judged.step];
  return steps.find((step): step is StepOf<'add-column'> => step.kind === 'add-column' && step.column.name === column && resolveRelation(judged.before, step.table) === key);
}

/**
 * Columns that could hold doubles until now and shall be unique, on a small table. Elsewhere the rule about the lock has a
 * finding there already; what is built concurrently is the advice that Belay itself gives, and it fails loudly and blocks nobody.
 */
function duplicates(migration: JudgedMigration, judged: JudgedStep, key: string, small: boolean): DataFailure | null {
  const { step, before, effect } = judged;
  const unique = madeUnique(step);
  if (unique === null || step.kind === 'add-column' || unique.columns.length === 0 || effect.class === 'error' || (!small && isToldElsewhere(judged))) return null;
  const table = before.tables.get(key);
  if (table?.complete !== true || !unique.columns.every((column) => migration.before.tables.get(key)?.columns.has(column) === true)) return null;
  if (uniqueColumnSets(before, key).some((columns) => columns.length > 0 && columns.every((column) => unique.columns.includes(column))) || isThere(step, before)) return null;
  if (earlier(migration, judged).some((each) => mayTouchRows(each, key))) return null;
  const columns = unique.columns.map((column) => `\`${column}\``).join(', ');
  return {
    judged,
    symbol: `${displayName(key)}.${unique.columns.join('_')}`,
    kind: 'values',
    words: `Nothing has kept two rows of \`${displayName(key)}\` from holding the same ${columns} so far: with one pair of them this fails (“could not create unique index”)`,
    remedy: `Look first: \`SELECT ${unique.columns.join(', ')}, count(*) FROM ${displayName(key)} GROUP BY ${unique.columns.join(', ')} HAVING count(*) > 1;\`, and remove the doubles in a migration before this one.`,
  };
}

/** Its lock; and an index built concurrently is the way that Belay advises. */
function isToldElsewhere({ step, effect }: JudgedStep): boolean {
  return effect.class === 'heavy' || (step.kind === 'create-index' && step.concurrently);
}

/** Whether IF NOT EXISTS finds the index. */
function isThere(step: Step, { indexes }: Catalog): boolean {
  return step.kind === 'create-index' && step.ifNotExists && step.index !== null && [...indexes.values()].some((index) => index.name === step.index);
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext']);
const PARSED: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'bool', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'uuid', 'json', 'jsonb', 'inet', 'cidr', 'macaddr']);

/** Text that shall be read as something else, value by value. */
function badCast(migration: JudgedMigration, judged: JudgedStep, step: StepOf<'set-type'>, key: string): DataFailure | null {
  const { before } = judged;
  const from = before.tables.get(key)?.columns.get(step.column)?.type;
  if (from === undefined || from.array || step.type.array || !TEXTS.has(from.name) || before.blank.has(`${key}.${step.column}`)) return null;
  const values = before.enums.get(resolveIn(before, step.type, ['enums']));
  if (values === undefined && !PARSED.has(step.type.name)) return null;
  if (step.using !== null && (step.using.column !== step.column || step.using.functions.length > 0)) return null;
  if (earlier(migration, judged).some((each) => mayTouchRows(each, key))) return null;
  const name = `${displayName(key)}.${step.column}`;
  const type = typeWords(step.type).replace(/^public\./, '');
  return {
    judged,
    symbol: name,
    kind: 'values',
    words: `\`${name}\` holds text, which is read as ${type} value by value: the first that is ${values === undefined ? `no ${type}` : 'not among its values'}, an empty one included, makes this fail (“invalid input ${values === undefined ? 'syntax for type' : 'value for enum'} ${type}”)`,
    remedy: `Look for such values first and put them right in a migration before this one, or say in USING what becomes of them.`,
  };
}
