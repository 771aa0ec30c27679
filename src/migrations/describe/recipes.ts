import { findTable, keyOf, resolveRelation } from '../catalog.js';
import type { Constraint, QualifiedName, UniqueConstraint } from '../definition.js';
import { sqlName } from '../describe.js';
import { objectName, splitKey } from '../fold/edit.js';
import { print } from '../print.js';
import { columns as columnList, constraintText, typeText } from '../print/definition.js';
import { quoteName } from '../quote.js';
import type { StepOf } from '../step.js';
import type { StepInContext } from './step-in-context.js';
import { howOutside, laterWords, sharesTransaction, takesOneStatementOnly } from './transaction.js';
import { typeWords } from './words.js';

const LABELS = { check: 'check', 'foreign-key': 'fkey', unique: 'key', 'primary-key': 'pkey', exclude: 'excl', 'not-null': 'not_null' } as const;

function mentioned(constraint: Constraint): readonly string[] {
  if (constraint.kind === 'check') return constraint.expression.columns.length === 1 ? constraint.expression.columns : [];
  return constraint.kind === 'not-null' ? [constraint.column] : constraint.columns;
}

/** The name a constraint was given, or the one that the server will choose. */
export function constraintName(table: QualifiedName, constraint: Constraint): string {
  return constraint.name ?? objectName(table.name, constraint.kind === 'primary-key' ? '' : mentioned(constraint).join('_'), LABELS[constraint.kind]);
}

/** `ALTER TABLE … VALIDATE CONSTRAINT …`, without a semicolon. */
export function validateText(table: QualifiedName, name: string): string {
  return `ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${quoteName(name)}`;
}

/** `CONSTRAINT … NOT VALID` under a name. */
export function notValidText(constraint: Constraint, name: string): string {
  const named = { ...constraint, name, notValid: true };
  return constraintText(named);
}

/** `ALTER TABLE … ADD CONSTRAINT … NOT VALID`, without a semicolon. */
export function addNotValidText(table: QualifiedName, constraint: Constraint): string {
  return `ALTER TABLE ${sqlName(table)} ADD ${notValidText(constraint, constraintName(table, constraint))}`;
}

/** Checks rows later, under a lock that lets others work: the second half of every NOT VALID. */
export function validateLater(input: StepInContext, table: QualifiedName, name: string): string {
  return `Then, ${laterWords(input)}, run \`${validateText(table, name)};\`: it reads the same rows and lets reads and writes go on.`;
}

/** How a column becomes NOT NULL without a long lock, once no row is null. */
export function notNullText(input: StepInContext, table: QualifiedName, column: string): string {
  const helper = quoteName(`${table.name}_${column}_not_null`.slice(0, 63));
  const alter = `ALTER TABLE ${sqlName(table)}`;
  const check = `\`${alter} ADD CONSTRAINT ${helper} CHECK (${quoteName(column)} IS NOT NULL) NOT VALID;\` and, ${laterWords(input)}, \`${alter} VALIDATE CONSTRAINT ${helper};\``;
  return input.target.version < 12 ? check : `${check}, after which \`${alter} ALTER COLUMN ${quoteName(column)} SET NOT NULL;\` reads nothing`;
}

/** The two statements that put a unique constraint or primary key on an index which was built while others wrote. */
export function usingIndexTexts({ before, deployed }: StepInContext, table: QualifiedName, constraint: UniqueConstraint): readonly [string, string] {
  const chosen = constraintName(table, constraint);
  const name = quoteName(chosen);
  // The name of an index that is there, or is dropped on the way, is still taken while the new one is built beside it.
  const key = keyOf(splitKey(resolveRelation(before, table)).schema, chosen);
  const index = before.indexes.has(key) || deployed.indexes.has(key) ? quoteName(`${chosen.slice(0, 59)}_new`) : name;
  const include = constraint.include.length === 0 ? '' : ` INCLUDE (${columnList(constraint.include)})`;
  const nulls = constraint.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
  const deferral = constraint.deferrable ? ' DEFERRABLE' : '';
  return [
    `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${sqlName(table)} (${columnList(constraint.columns)})${include}${nulls}`,
    `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} ${constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'} USING INDEX ${index}${deferral}`,
  ];
}

/** The same as advice, with how to get the first one outside a transaction. */
export function usingIndexRemedy(input: StepInContext, table: QualifiedName, constraint: UniqueConstraint): string {
  const [build, add] = usingIndexTexts(input, table, constraint);
  const outside = sharesTransaction(input) ? ` It cannot run inside a transaction: ${howOutside(input, 'build it by hand before the deployment')}` : '';
  const then = sharesTransaction(input) || takesOneStatementOnly(input) ? 'Then, in a migration behind it,' : 'Then';
  return `Build the index while writes go on: \`${build};\`.${outside} ${then} \`${add};\` takes it over in an instant.`;
}

/** Columns of a table that the history shows to be nullable. */
export function nullableColumns({ before }: StepInContext, table: QualifiedName, columns: readonly string[]): readonly string[] {
  const found = findTable(before, table);
  return columns.filter((column) => found?.columns.get(column)?.notNull === false);
}

/** `ALTER TABLE … ADD COLUMN …` with some of the column's constraints left out, without a semicolon. */
export function columnAlone(step: StepOf<'add-column'>, isKept: (constraint: Constraint) => boolean, notNull = step.column.notNull): string {
  const column = { ...step.column, notNull, constraints: step.column.constraints.filter(isKept) };
  const name = quoteName(column.name);
  return print({ ...step, column }).replace(`${name} ${typeText(column.type)}`, () => `${name} ${typeWords(column.type)}`);
}
