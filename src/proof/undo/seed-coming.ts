import type { QualifiedName } from '../../migrations/definition.js';
import type { Step } from '../../migrations/step.js';
import type { SeedCheck, SeedForeignKey, SeedTable } from './seed-facts.js';

function find(tables: ReadonlyMap<string, SeedTable>, { schema, name }: QualifiedName): SeedTable | undefined {
  return schema === null ? (tables.get(`public.${name}`) ?? [...tables.values()].find((table) => table.name === name)) : tables.get(`${schema}.${name}`);
}

/**
 * Tables with the foreign keys and checks that a migration is about to add, as far as their columns are there already: rows of
 * our own making are to pass them, since one that does not says nothing of real ones.
 */
export function withComing(tables: ReadonlyMap<string, SeedTable>, steps: readonly Step[]): ReadonlyMap<string, SeedTable> {
  const found = new Map(tables);
  for (const step of steps) {
    if (step.kind !== 'add-constraint') continue;
    const table = find(found, step.table);
    if (table === undefined) continue;
    const { constraint } = step;
    if (constraint.kind === 'foreign-key') {
      const key = foreignKey(found, table, constraint.columns, constraint.referenced, constraint.referencedColumns, constraint.name ?? '');
      if (key !== null) found.set(table.key, { ...table, foreign: [...table.foreign, key] });
    } else if (constraint.kind === 'check') {
      const check = checkOf(table, constraint.expression.text, constraint.name ?? '');
      if (check !== null) found.set(table.key, { ...table, coming: [...table.coming, check] });
    }
  }
  return found;
}

function foreignKey(tables: ReadonlyMap<string, SeedTable>, table: SeedTable, columns: readonly string[], referenced: QualifiedName, named: readonly string[], name: string): SeedForeignKey | null {
  const parent = find(tables, referenced);
  const keys = named.length > 0 ? named : (parent?.primary ?? []);
  if (parent === undefined || keys.length !== columns.length || !columns.every((column) => has(table, column)) || !keys.every((column) => has(parent, column))) return null;
  return { name, columns, table: parent.key, referenced: keys };
}

function checkOf(table: SeedTable, condition: string, name: string): SeedCheck | null {
  const words = new Set(condition.match(/\w+/g));
  const columns = table.columns.filter((column) => words.has(column.name)).map((column) => column.name);
  return columns.length === 0 ? null : { name, columns, condition };
}

function has(table: SeedTable, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}

/**
 * The table that a column's name speaks of (`user_id`, `userId` of `users`), where that has a key of one column of the same
 * type: what has no foreign key often means one.
 */
export function meantBy(tables: ReadonlyMap<string, SeedTable>, table: SeedTable, column: { readonly name: string; readonly type: string }): SeedForeignKey | null {
  const stem = /^(.+?)(?:_id|Id)$/.exec(column.name)?.[1]?.toLowerCase();
  if (stem === undefined) return null;
  const names = new Set([stem, `${stem}s`, `${stem}es`, stem.replace(/y$/, 'ies')]);
  for (const parent of tables.values()) {
    const [key, ...more] = parent.primary;
    if (parent.schema !== table.schema || parent.key === table.key || key === undefined || more.length > 0 || !names.has(parent.name.toLowerCase())) continue;
    if (parent.columns.some((each) => each.name === key && each.type === column.type)) return { name: '', columns: [column.name], table: parent.key, referenced: [key] };
  }
  return null;
}
