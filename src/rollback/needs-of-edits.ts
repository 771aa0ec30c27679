import type { DiffNeed, DownGives, NeedKind } from './diff-needs.js';
import type { EditKind, SchemaEdit } from './schema-edit.js';

/** One migration of a change, as edits. */
export interface MigrationEdits {
  readonly path: string;
  readonly label: string;
  /** Whether the file was there before this change. */
  readonly edited: boolean;
  readonly up: readonly SchemaEdit[];
  readonly down: readonly SchemaEdit[] | 'automatic' | 'none' | 'unknown';
  /** Nothing but a name is known, and that tells nothing. */
  readonly untold?: boolean;
}

/** Most needs that are told of one change. */
const LIMIT = 200;

/** What the migrations of a change need of a plan. Tables and columns that the change itself brings can lose nothing. */
export function needsOfEdits(all: readonly MigrationEdits[], copies: readonly string[]): readonly DiffNeed[] {
  const made: Made = { tables: new Set(), columns: new Set(), types: new Set() };
  const needs: DiffNeed[] = [];
  for (const migration of all) {
    const own = migration.up.flatMap((each) => needOf(each, migration, made, copies));
    needs.push(...own);
    if (migration.edited) needs.push(need('migration-edited', 'was merged before and is edited here', migration.label, migration, 'unknown', copies));
    else if (migration.untold === true) needs.push(need('unknown', 'is part of this change', migration.label, migration, 'unknown', copies));
    else if (own.length === 0) needs.push(need('additive', 'only adds to the schema', null, migration, 'all', copies));
  }
  return needs.slice(0, LIMIT);
}

interface Made {
  readonly tables: Set<string>;
  readonly columns: Set<string>;
  readonly types: Set<string>;
}

function need(kind: NeedKind, does: string, name: string | null, { path, label }: MigrationEdits, down: DownGives, copies: readonly string[]): DiffNeed {
  return { kind, does, where: `migration \`${label}\``, name, path, down, copies };
}

function key(...parts: readonly (string | null)[]): string {
  return parts.map((part) => (part ?? '').toLowerCase()).join('.');
}

function needOf(edit: SchemaEdit, migration: MigrationEdits, made: Made, copies: readonly string[]): readonly DiffNeed[] {
  const { kind, table, column } = edit;
  if (kind === 'create-table' || kind === 'copy-table') made.tables.add(key(table));
  if (kind === 'add-column' || kind === 'new-required-column') made.columns.add(key(table, column));
  if (kind === 'create-type' || kind === 'create-view') made.types.add(key(table));
  if (table !== null && made.tables.has(key(table))) return [];
  if (table !== null && made.types.has(key(table))) return [];
  if (column !== null && kind !== 'new-required-column' && kind !== 'update' && made.columns.has(key(table, column)) && !STRICT.has(kind)) return [];
  const row = ROWS[kind];
  if (row === undefined) return [];
  const rowKind = isFilling(edit, made) ? 'filled' : row.kind;
  if (kind === 'set-type' && isWide(edit.to)) return [];
  return [need(rowKind, row.does(edit, nameOf(edit)), nameOf(edit), migration, downGives(edit, migration), copies)];
}

const STRICT: ReadonlySet<EditKind> = new Set<EditKind>(['not-null', 'unique', 'check', 'foreign-key']);

/** Whether an update writes nothing but columns that this change adds. */
function isFilling({ kind, table, column, columns = [] }: SchemaEdit, made: Made): boolean {
  if (kind !== 'update') return false;
  const written = columns.length > 0 ? columns : column === null ? [] : [column];
  return written.length > 0 && written.every((each) => made.columns.has(key(table, each)));
}

/** Types that hold what the old code writes, whatever it was. */
function isWide(type: string | null): boolean {
  return type === null || /^(?:text|longtext|mediumtext|bigint|int8|bigserial|numeric|decimal|double|float8|jsonb?|timestamptz|timestamp with time zone|biginteger|unsignedbiginteger)$/i.test(type.trim());
}

function nameOf({ kind, table, column }: SchemaEdit): string | null {
  if (kind === 'update' || kind === 'data-program') return column !== null && table !== null ? `${table}.${column}` : table;
  if (column !== null) return table === null ? column : `${table}.${column}`;
  return table;
}

function said(name: string | null, otherwise: string): string {
  return name === null ? otherwise : `\`${name}\``;
}

interface Row {
  readonly kind: NeedKind;
  readonly does: (edit: SchemaEdit, name: string | null) => string;
}

const ROWS: Readonly<Partial<Record<EditKind, Row>>> = {
  'drop-column': { kind: 'lost', does: (_edit, name) => `drops the column ${said(name, 'that is not told')}` },
  'drop-table': { kind: 'lost', does: (_edit, name) => `drops the table ${said(name, 'that is not told')}` },
  'drop-view': { kind: 'lost', does: (_edit, name) => `drops the view ${said(name, 'that is not told')}` },
  'drop-type': { kind: 'lost', does: (_edit, name) => `drops the type ${said(name, 'that is not told')}` },
  'drop-value': { kind: 'lost', does: (_edit, name) => `drops a value of ${said(name, 'a type')}` },
  'drop-schema': { kind: 'lost', does: (_edit, name) => `drops the schema ${said(name, 'that is not told')}` },
  truncate: { kind: 'lost', does: (_edit, name) => `empties the table ${said(name, 'that is not told')}` },
  'rename-column': { kind: 'renamed', does: (edit, name) => `renames the column ${said(name, 'that is not told')}${edit.to === null ? '' : ` to \`${edit.to}\``}` },
  'rename-table': { kind: 'renamed', does: (edit, name) => `renames the table ${said(name, 'that is not told')}${edit.to === null ? '' : ` to \`${edit.to}\``}` },
  'rename-type': { kind: 'renamed', does: (edit, name) => `renames the type ${said(name, 'that is not told')}${edit.to === null ? '' : ` to \`${edit.to}\``}` },
  'rename-value': { kind: 'renamed', does: (edit, name) => `renames a value of ${said(name, 'a type')}${edit.to === null ? '' : ` to \`${edit.to}\``}` },
  'primary-key': { kind: 'primary-key', does: (edit) => `changes the primary key of ${said(edit.table, 'a table')}` },
  update: { kind: 'rewritten', does: (_edit, name) => `rewrites ${said(name, 'rows')}` },
  delete: { kind: 'rewritten', does: (edit) => `deletes rows of ${said(edit.table, 'a table')}` },
  'data-program': { kind: 'rewritten', does: (edit) => `rewrites data${edit.to === null ? '' : ` (\`${edit.to}\`)`}` },
  'not-null': { kind: 'stricter', does: (_edit, name) => `makes ${said(name, 'a column')} NOT NULL` },
  'new-required-column': { kind: 'stricter', does: (_edit, name) => `adds the column ${said(name, 'that is not told')} as NOT NULL without a default` },
  'enum-value': { kind: 'stricter', does: (edit) => `adds the value ${edit.to === null ? 'that is not told' : `'${edit.to}'`} to the enum ${said(edit.table, 'that is not told')}` },
  'set-type': { kind: 'stricter', does: (edit, name) => `changes the type of ${said(name, 'a column')}${edit.to === null ? '' : ` to ${edit.to}`}` },
  unique: { kind: 'stricter', does: (_edit, name) => `makes ${said(name, 'a column')} unique` },
  check: { kind: 'stricter', does: (edit) => `adds a CHECK to ${said(edit.table, 'a table')}` },
  'foreign-key': { kind: 'stricter', does: (_edit, name) => `adds a foreign key on ${said(name, 'a table')}` },
};

/** What the down direction gives back of one edit. */
function downGives(edit: SchemaEdit, { down }: MigrationEdits): DownGives {
  if (down === 'unknown') return 'unknown';
  if (down === 'none') return 'nothing';
  const row = ROWS[edit.kind]?.kind;
  if (down === 'automatic') return row === 'lost' ? (edit.kind === 'truncate' ? 'nothing' : 'structure') : row === 'rewritten' ? 'unknown' : 'all';
  const has = (...kinds: readonly EditKind[]): boolean => down.some((each) => kinds.includes(each.kind));
  if (row === 'rewritten') return has('update', 'insert', 'delete', 'data-program') ? 'all' : 'nothing';
  if (row === 'renamed') return has('rename-column', 'rename-table', 'rename-type', 'rename-value') ? 'all' : 'nothing';
  if (row !== 'lost') return down.length > 0 ? 'all' : 'nothing';
  if (edit.kind === 'drop-view') return has('create-view') ? 'all' : 'nothing';
  if (edit.kind === 'drop-type') return has('create-type') ? 'all' : 'nothing';
  const filled = has('update', 'insert', 'data-program');
  const made = edit.kind === 'drop-column' ? has('add-column', 'new-required-column') : has('create-table', 'copy-table', 'rename-table');
  if (has('rename-table') && edit.kind === 'drop-table') return 'all';
  return made || edit.kind === 'truncate' ? (filled ? 'all' : made ? 'structure' : 'nothing') : 'nothing';
}
