import { argument, callsIn, literalOf, type Call } from './calls.js';
import { editsOfText } from './edits-of-text.js';
import { edit, type SchemaEdit } from './schema-edit.js';

/** Calls that open the description of one table. */
const OPENING = /^(?:table|altertable|createtable|changetable|batchaltertable|alter|create)$/;
const SQL = /^\s*(?:--[^\n]*\n\s*)*(?:alter|drop|update|delete|insert|truncate|create|rename|merge|with|exec|replace)\s/i;

interface Context {
  readonly table: string | null;
  /** Whether the table is being made: nothing is lost or made stricter in it. */
  readonly created: boolean;
}

/**
 * What one direction of a migration written as a program does, read from its calls alone: Rails, Django, Alembic, Laravel,
 * Knex, TypeORM, Sequelize, node-pg-migrate, Ecto, Entity Framework, Doctrine. What is not known is left out.
 */
export function editsOfProgram(source: string, language: 'ruby' | 'elixir' | 'other'): readonly SchemaEdit[] {
  const edits: SchemaEdit[] = [];
  let context: Context = { table: null, created: false };
  for (const call of callsIn(source, language !== 'other')) {
    context = contextAfter(call, context);
    edits.push(...editsOfCall(call, context));
  }
  return [...edits, ...bareEdits(source, language), ...(language === 'other' ? [] : modelEdits(source))];
}

function contextAfter(call: Call, context: Context): Context {
  const { name, on } = call;
  if (name === 'createmodel') return { table: literalOf(call, 'name') ?? argument(call, 0), created: true };
  if (!OPENING.test(name) || /^(?:DB|knex|t|table|this\.table)$/.test(on)) return context;
  // `alter table(:users) do`: what follows `alter` is the table itself.
  const table = argument(call, 0) ?? /table\(\s*:?["']?(\w+)/.exec(call.text)?.[1] ?? literalOf(call, 'name', 'table', 'tablename') ?? null;
  if (name === 'alter' || name === 'create') return /table\(/.test(call.text) ? { table, created: name === 'create' } : context;
  if (table === null) return context;
  return { table, created: name === 'createtable' || (name === 'create' && /schema/i.test(on)) || (name === 'table' && context.created && context.table === table) };
}

/** Ecto's statements are words in front of `table(…)`: calls only in part. */
function bareEdits(source: string, language: string): readonly SchemaEdit[] {
  if (language !== 'elixir') return [];
  return [...source.slice(0, 200_000).matchAll(/\b(drop_if_exists|drop|rename)[\s(]+table\(\s*:?["']?(\w+)["']?[^)]*\)(?:\s*,\s*(?:to:\s*table\(\s*:?["']?(\w+)|:(\w+)\s*,\s*to:\s*:(\w+)))?/g)].flatMap((match) => {
    const [, word, table = null, moved, column, to] = match;
    if (word !== 'rename') return [edit('drop-table', table)];
    if (moved !== undefined) return [edit('rename-table', table, null, moved)];
    return column === undefined ? [] : [edit('rename-column', table, column, to ?? null)];
  });
}

function editsOfCall(call: Call, context: Context): readonly SchemaEdit[] {
  const read = HANDLERS[call.name];
  if (read !== undefined) return read(call, context);
  return [];
}

/** Rows that are written through a model: `User.where(…).update_all(…)`, `Order.find_each { … }`, `Repo.update_all(…)`. */
function modelEdits(source: string): readonly SchemaEdit[] {
  const pattern = /(?:^|[^\w.:])([A-Z][\w:]*)((?:\s*&?\.\w+[!?]?(?:\([^()\n]{0,300}(?:\([^()\n]{0,200}\)[^()\n]{0,200})*\))?){0,8}?)\s*\.(update_all|delete_all|destroy_all|find_each|in_batches|find_in_batches|upsert_all|update_counters)\b/g;
  return [...source.slice(0, 200_000).matchAll(pattern)].map((match) => edit(/^(?:delete|destroy)/.test(match[3] ?? '') ? 'delete' : 'update', /Repo$/.test(match[1] ?? '') ? null : (match[1] ?? null)));
}

type Handler = (call: Call, context: Context) => readonly SchemaEdit[];

const columnsFrom = (call: Call, from: number): readonly string[] => call.positional.slice(from).flatMap((values) => values ?? []);

/** `(:users, :plan)` or, inside the description of a table, `('plan')`. */
function onColumns(kind: SchemaEdit['kind']): Handler {
  return (call, context) => {
    const inside = isInside(call, context);
    const table = literalOf(call, 'table', 'tablename', 'modelname') ?? (inside ? context.table : argument(call, 0));
    const given = literalOf(call, 'name', 'column', 'columnname') ?? null;
    const columns = given !== null ? [given] : columnsFrom(call, inside ? 0 : 1);
    if (context.created && inside) return [];
    return columns.length === 0 ? (table === null ? [] : [edit(kind, table)]) : columns.map((column) => edit(kind, table, column));
  };
}

/** Whether a call speaks of the table whose description it stands in. */
function isInside(call: Call, context: Context): boolean {
  if (context.table === null || literalOf(call, 'table', 'tablename', 'modelname') !== null) return false;
  return /^(?:t|table|tbl|\$table|\$t|batch_op|batch|b|builder)$/.test(call.on) || call.on.startsWith('$') || call.on === '';
}

const RAILS_TYPES = /\b(?:string|text|integer|bigint|boolean|date|datetime|timestamp|decimal|float|json|jsonb|uuid|binary|references|tinyinteger|smallinteger|unsignedbiginteger|enum|char)\b/;

function removed(call: Call, context: Context): readonly SchemaEdit[] {
  const inside = isInside(call, context) && (call.on !== '' || argument(call, 1) === null || RAILS_TYPES.test(argument(call, 1) ?? ''));
  const table = literalOf(call, 'table', 'tablename', 'modelname') ?? (inside ? context.table : argument(call, 0));
  const name = literalOf(call, 'name', 'column', 'columnname');
  const given = call.name.endsWith('s') || call.name === 'remove' ? columnsFrom(call, inside ? 0 : 1) : [...(call.positional[inside ? 0 : 1] ?? [])];
  const columns = name !== null ? [name] : call.on === '' && inside && RAILS_TYPES.test(given[1] ?? '') ? given.slice(0, 1) : given;
  if (table === null && columns.length === 0) return [];
  return columns.length === 0 ? [edit('drop-column', table)] : columns.map((column) => edit('drop-column', table, column));
}

function renamed(call: Call, context: Context): readonly SchemaEdit[] {
  const inside = argument(call, 2) === null && call.named.get('newname') === undefined && isInside(call, context);
  const table = literalOf(call, 'table', 'tablename', 'modelname') ?? (inside ? context.table : argument(call, 0));
  const from = literalOf(call, 'name', 'oldname', 'oldcolumnname') ?? argument(call, inside ? 0 : 1);
  const to = literalOf(call, 'newname', 'newcolumnname') ?? argument(call, inside ? 1 : 2);
  return [edit('rename-column', table, from, to)];
}

function droppedTable(call: Call): readonly SchemaEdit[] {
  const names = [...(literalOf(call, 'name', 'table') === null ? [] : [literalOf(call, 'name', 'table')]), ...(call.positional[0] ?? [])];
  return names.map((name) => edit('drop-table', name));
}

function renamedTable(call: Call): readonly SchemaEdit[] {
  const from = literalOf(call, 'name', 'oldname', 'oldtablename') ?? argument(call, 0);
  return [edit('rename-table', from, null, literalOf(call, 'newname', 'newtablename', 'table') ?? argument(call, 1))];
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^true$/i.test(value.trim());
}

function isFalse(value: string | undefined): boolean {
  return value !== undefined && /^false$/i.test(value.trim());
}

/** A column that is added: whether the old code's inserts, which do not know it, still work. */
function addedColumn(call: Call, context: Context): readonly SchemaEdit[] {
  const inside = isInside(call, context) && call.on !== '';
  if (inside && context.created) return [];
  const text = `${call.text}${call.chain}`;
  const table = literalOf(call, 'table', 'tablename', 'modelname') ?? (inside ? context.table : argument(call, 0));
  const column = literalOf(call, 'name', 'column') ?? /Column\(\s*["'](\w+)["']/.exec(text)?.[1] ?? argument(call, inside ? 0 : 1);
  const nullable = /nullable\s*[=:]\s*(\w+)|null\s*(?:[=:]|=>)\s*(\w+)|allowNull\s*:\s*(\w+)|isNullable\s*:\s*(\w+)|notNull\s*:\s*(\w+)/i.exec(text);
  const said = nullable?.slice(1, 5).find((group) => group !== undefined);
  const required = said !== undefined ? /false/i.test(said) : /true/i.test(nullable?.[5] ?? '');
  const filled = /\bdefault|server_default|defaultValue|auto_now|autoincrement/i.test(text.replace(/preserve_default\s*=\s*\w+/g, ''));
  const django = call.name === 'addfield';
  const withoutDefault = django ? !/null\s*=\s*True/.test(text) && (!/\bdefault\s*=/.test(text) || /preserve_default\s*=\s*False/.test(text)) && !/ManyToMany|auto_now/.test(text) : required && !filled;
  return [edit(withoutDefault ? 'new-required-column' : 'add-column', table, column)];
}

/** `change_column`, `alter_column`, `AlterField`: what it makes stricter. */
function changedColumn(call: Call, context: Context): readonly SchemaEdit[] {
  const inside = isInside(call, context) && call.on !== '';
  const table = literalOf(call, 'table', 'tablename', 'modelname') ?? (inside ? context.table : argument(call, 0));
  const column = literalOf(call, 'name', 'column', 'columnname') ?? argument(call, inside ? 0 : 1);
  const to = literalOf(call, 'newcolumnname', 'newname');
  if (to !== null) return [edit('rename-column', table, column, to)];
  const text = call.text;
  const required = /nullable\s*[=:]\s*false|null\s*(?:[=:]|=>)\s*false|allowNull\s*:\s*false|notNull\s*:\s*true/i.test(text) && !/oldNullable\s*:\s*false|existing_nullable\s*=\s*False/i.test(text);
  const type = /(?:type_|type)\s*[=:]\s*([\w.]+(?:\([^)]*\))?)/.exec(text)?.[1] ?? (call.name === 'changecolumn' ? argument(call, 2) : null);
  const edits: SchemaEdit[] = type === null || type === undefined ? [] : [edit('set-type', table, column, type.replace(/^(?:sa|models|Sequelize|DataTypes)\./, ''))];
  if (required) return [...edits, edit('not-null', table, column)];
  return edits.length > 0 ? edits : [edit('loosen', table, column)];
}

function changedNull(call: Call, context: Context): readonly SchemaEdit[] {
  const inside = call.on !== '' && isInside(call, context);
  const values = call.text.split(',').map((part) => part.trim());
  return [edit(isFalse(values[inside ? 1 : 2]) ? 'not-null' : 'loosen', inside ? context.table : argument(call, 0), argument(call, inside ? 0 : 1))];
}

function indexed(call: Call, context: Context): readonly SchemaEdit[] {
  const unique = isTrue(call.named.get('unique')) || isTrue(call.named.get('isunique')) || /\.isunique|unique\s*(?:[=:]|=>)\s*true/i.test(call.text);
  const inside = call.on !== '' && isInside(call, context);
  if (!unique || (inside && context.created)) return [];
  // Alembic names the index first.
  const first = call.name === 'createindex' && argument(call, 1) !== null && call.positional.length > 2 ? 1 : 0;
  const table = literalOf(call, 'table', 'tablename') ?? (inside ? context.table : argument(call, first));
  return [edit('unique', table, literalOf(call, 'column') ?? columnsFrom(call, inside ? 0 : first + 1).join(', ') ?? null)];
}

function constrained(kind: 'unique' | 'check' | 'foreign-key' | 'primary-key'): Handler {
  return (call, context) => {
    const inside = call.on !== '' && isInside(call, context);
    if (inside && context.created) return [];
    return [edit(kind, literalOf(call, 'table', 'tablename', 'modelname') ?? (inside ? context.table : argument(call, call.name.startsWith('create') ? 1 : 0)))];
  };
}

/** `addConstraint`, `AddConstraint`: which kind stands in its arguments. */
function anyConstraint(call: Call, context: Context): readonly SchemaEdit[] {
  const kind = /unique/i.test(call.text) ? 'unique' : /check/i.test(call.text) ? 'check' : /foreign|references|FOREIGN/i.test(call.text) ? 'foreign-key' : /primary/i.test(call.text) ? 'primary-key' : null;
  return kind === null ? [] : constrained(kind)(call, context);
}

/** SQL in a call: the first literal that is a statement; what is no literal is not known. */
function executed(call: Call): readonly SchemaEdit[] {
  const sql = literalOf(call, 'sql') ?? call.positional.flatMap((values) => values ?? []).find((text) => SQL.test(text)) ?? heredoc(call);
  if (sql !== null && sql !== undefined) return editsOfText(sql.replace(/\\n/g, '\n').replace(/\\(["'`])/g, '$1'));
  const built = /\bupdate\(|\.update\b/.test(call.text) ? 'update' : /\bdelete\(|\.delete\b/.test(call.text) ? 'delete' : null;
  return built === null ? [] : [edit(built)];
}

function heredoc(call: Call): string | null {
  return /<<[~-]?['"]?(\w+)['"]?[^\n]*\n([\s\S]*?)\n\s*\1\b/.exec(`${call.text}\n${call.chain}`)?.[2] ?? null;
}

function program(call: Call): readonly SchemaEdit[] {
  return [edit('data-program', null, null, (call.positional[0] ?? [])[0] ?? /^\s*([\w.]+)/.exec(call.text)?.[1] ?? null)];
}

/** `DB::table('users')->update([…])`, `knex('users').update(…)`. */
function chainedRows(call: Call): readonly SchemaEdit[] {
  const table = argument(call, 0);
  const verb = /(?:->|\.)\s*(update|del|delete|truncate|decrement|increment)\s*\(/.exec(call.chain)?.[1];
  if (verb === undefined) return [];
  return [edit(verb === 'truncate' ? 'truncate' : verb.startsWith('del') ? 'delete' : 'update', table)];
}

/** A column in the description of a table that exists: `$table->string('plan')`, `table.string('plan').notNullable()`. */
function describedColumn(call: Call, context: Context): readonly SchemaEdit[] {
  if (call.on === '' || !isInside(call, context) || context.created || argument(call, 0) === null) return [];
  const { chain } = call;
  const laravel = chain.includes('->') || call.on.startsWith('$');
  const edits: SchemaEdit[] = [];
  if (/change\s*\(|\.alter\s*\(/.test(chain)) edits.push(edit('set-type', context.table, argument(call, 0), call.name));
  else {
    const nullable = laravel ? /nullable\s*\(/.test(chain) || /default|useCurrent|virtualAs|storedAs|autoIncrement/.test(chain) : !/notNullable\s*\(/.test(chain) || /defaultTo\s*\(/.test(chain);
    const rails = /null:\s*false/.test(call.text) && !/default:/.test(call.text);
    edits.push(edit((laravel ? !nullable : !nullable || rails) ? 'new-required-column' : 'add-column', context.table, argument(call, 0)));
  }
  if (/unique\s*\(/.test(chain)) edits.push(edit('unique', context.table, argument(call, 0)));
  return edits;
}

function loosened(call: Call): readonly SchemaEdit[] {
  return [edit('loosen', argument(call, 0))];
}

function createdTable(call: Call): readonly SchemaEdit[] {
  const name = literalOf(call, 'name') ?? argument(call, 0);
  return name === null ? [] : [edit('create-table', name)];
}

const described = Object.fromEntries(
  ['string', 'text', 'integer', 'bigint', 'biginteger', 'unsignedbiginteger', 'boolean', 'date', 'datetime', 'timestamp', 'decimal', 'float', 'double', 'json', 'jsonb', 'uuid', 'binary', 'enum', 'char', 'smallinteger', 'tinyinteger', 'foreignid', 'enu', 'specifictype'].map((name) => [name, describedColumn]),
);

const HANDLERS: Readonly<Record<string, Handler | undefined>> = {
  ...described,
  removecolumn: removed, removecolumns: removed, dropcolumn: removed, dropcolumns: removed, remove: (call, context) => (context.created || (call.on !== '' && !isInside(call, context)) ? [] : removed(call, context)),
  removefield: onColumns('drop-column'), removereference: removed, removebelongsto: removed, dropsoftdeletes: (_call, context) => [edit('drop-column', context.table, 'deleted_at')], droptimestamps: (_call, context) => [edit('drop-column', context.table, 'created_at')],
  removetimestamps: (call) => [edit('drop-column', argument(call, 0), 'created_at')], dropforeignid: removed, dropconstrainedforeignid: removed,
  renamecolumn: renamed, renamefield: renamed, rename: (call, context) => (/^(?:Schema|schema|op)$/.test(call.on) ? renamedTable(call) : call.on === 't' || call.on.startsWith('$') ? renamed(call, context) : []),
  droptable: droppedTable, droptables: droppedTable, droptableifexists: droppedTable, dropifexists: (call) => (/schema/i.test(call.on) ? droppedTable(call) : []), drop: (call) => (/^schema$/i.test(call.on) || /^\w*Schema\w*$/.test(call.on) ? droppedTable(call) : []),
  dropjointable: (call) => [edit('drop-table', [argument(call, 0), argument(call, 1)].filter((name) => name !== null).join('_') || null)], deletemodel: droppedTable,
  dropview: (call) => [edit('drop-view', literalOf(call, 'name') ?? argument(call, 0))], dropenum: (call) => [edit('drop-type', argument(call, 0))], droptype: (call) => [edit('drop-type', argument(call, 0))],
  renametable: renamedTable, renamemodel: renamedTable, altermodeltable: renamedTable,
  changecolumnnull: changedNull, changenull: changedNull, setnullable: () => [],
  changecolumn: changedColumn, altercolumn: changedColumn, alterfield: changedColumn, modify: (call, context) => (isInside(call, context) ? changedColumn(call, context) : []),
  addcolumn: addedColumn, addfield: addedColumn, add: (call, context) => (call.on === '' && context.table !== null && !context.created ? [edit(/null:\s*false/.test(call.text) && !/default:/.test(call.text) ? 'new-required-column' : 'add-column', context.table, argument(call, 0))] : []),
  addindex: indexed, createindex: indexed, index: indexed, uniqueindex: (call) => [edit('unique', argument(call, 0), columnsFrom(call, 1).join(', ') || null)],
  unique: (call, context) => (call.on !== '' && isInside(call, context) && !context.created ? [edit('unique', context.table, columnsFrom(call, 0).join(', ') || null)] : []),
  createuniqueconstraint: constrained('unique'), adduniqueconstraint: constrained('unique'), createcheckconstraint: constrained('check'), addcheckconstraint: constrained('check'), createforeignkey: constrained('foreign-key'), addforeignkey: constrained('foreign-key'),
  foreign: (call, context) => (call.on !== '' && isInside(call, context) && !context.created ? [edit('foreign-key', context.table, argument(call, 0))] : []),
  createprimarykey: constrained('primary-key'), addprimarykey: constrained('primary-key'), dropprimarykey: constrained('primary-key'), dropprimary: (_call, context) => [edit('primary-key', context.table)],
  addconstraint: anyConstraint, createconstraint: anyConstraint, constraint: anyConstraint,
  alteruniquetogether: (call) => (/\{\s*\}|set\(\)|\[\s*\]/.test(call.text) ? [] : [edit('unique', literalOf(call, 'name'))]),
  execute: executed, executesql: executed, sql: executed, runsql: executed, query: executed, raw: executed, statement: executed, unprepared: executed, addsql: executed, exec: executed, execrawsql: executed,
  runpython: program, updatedata: (call) => [edit('update', literalOf(call, 'table') ?? argument(call, 0))], deletedata: (call) => [edit('delete', literalOf(call, 'table') ?? argument(call, 0))], bulkdelete: (call) => [edit('delete', argument(call, 0))],
  table: chainedRows, knex: chainedRows, from: chainedRows,
  createtable: createdTable, createmodel: createdTable,
  ...Object.fromEntries(['dropconstraint', 'removeconstraint', 'removeindex', 'dropindex', 'removeforeignkey', 'dropforeign', 'dropforeignkey', 'dropunique', 'dropuniqueconstraint', 'removecheckconstraint', 'dropcheckconstraint'].map((name) => [name, loosened])),
};
