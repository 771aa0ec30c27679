/** What one statement or call of a migration does, as far as undoing it is concerned. */
export type EditKind =
  | 'drop-column'
  | 'drop-table'
  | 'drop-view'
  | 'drop-type'
  | 'drop-value'
  | 'drop-schema'
  | 'truncate'
  | 'rename-column'
  | 'rename-table'
  | 'rename-value'
  | 'rename-type'
  | 'primary-key'
  | 'update'
  | 'delete'
  | 'insert'
  /** A program of its own that works on rows, or on a table that is not told. */
  | 'data-program'
  | 'not-null'
  | 'new-required-column'
  | 'enum-value'
  | 'set-type'
  | 'unique'
  | 'check'
  | 'foreign-key'
  | 'add-column'
  | 'create-table'
  /** CREATE TABLE … AS SELECT: a copy of rows. */
  | 'copy-table'
  | 'create-view'
  | 'create-type'
  | 'loosen'
  | 'other';

/** One edit. Names are the author's own, without quotes; null where they are not told. */
export interface SchemaEdit {
  readonly kind: EditKind;
  readonly table: string | null;
  readonly column: string | null;
  /** The new name of what is renamed, the new type of a column, or the value of an enum. */
  readonly to: string | null;
  /** Further columns of the same statement. */
  readonly columns?: readonly string[];
}

/** An edit with what is known of it. */
export function edit(kind: EditKind, table: string | null = null, column: string | null = null, to: string | null = null): SchemaEdit {
  return { kind, table, column, to };
}

/** Whether what a column is converted by keeps less than it is given: no later conversion brings that back. */
export function losesValues(using: string): boolean {
  return /\b(?:left|right|substr|substring|b?trim|ltrim|rtrim|lower|upper|initcap|round|trunc|floor|ceil(?:ing)?|date_trunc|date_part|extract|md5|sha\d+|digest|hashtext|coalesce|nullif|greatest|least|regexp_replace|replace|translate|split_part|abs|sign|mod)\s*\(|\bcase\s+when\b|\bcase\b[^()]{1,80}\bwhen\b|^\s*\(*\s*(?:null|true|false|'[^']*'|-?\d+(?:\.\d+)?)\s*\)*\s*(?:::[\w\s()[\]]+)?$/i.test(using);
}
