import { edit, type SchemaEdit } from './schema-edit.js';
import { editsOfProgram } from './edits-of-program.js';
import { editsOfText } from './edits-of-text.js';

/** A migration written as a program, both directions apart. */
export interface ProgramEdits {
  readonly up: readonly SchemaEdit[];
  /** `automatic`: the framework turns the up direction round by itself. */
  readonly down: readonly SchemaEdit[] | 'automatic' | 'none';
}

const FOLDER = /(?:^|\/)(?:[\w.-]*migrat(?:e|ions?)[\w.-]*|versions|alembic|changelogs?)\//i;
const CODE = /\.(?:rb|py|php|[cm]?[jt]s|exs?|cs|go|java|kt|scala)$/i;
const ASIDE = /(?:^|\/)(?:__init__\.py|env\.py|index\.[jt]s|[\w.]*Designer\.cs|[\w]*ModelSnapshot\.cs|[^/]*\.d\.ts|[^/]*(?:[._-](?:test|spec)\.\w+|_(?:test|spec)\.\w+)|schema\.rb|test_[^/]*\.py)$|(?:^|\/)(?:tests?|spec|__tests__|node_modules|vendor)\//i;
/** Words that only a migration has, beside its place. */
const WORDS = /\bop\.\w+\(|\bmigrations\.\w+|\bActiveRecord::Migration|\bdef\s+(?:change|up|down|upgrade|downgrade)\b|\bSchema::|\bqueryRunner\b|\bqueryInterface\b|\bpgm\b|\bknex\b|\bschema\.\w+Table|\bmigrationBuilder\b|\bEcto\.Migration|\baddSql\(|\bexports\.(?:up|down)|\b(?:up|down)\s*[(:=]|\b(?:add|remove|rename|drop|change)_(?:column|table|reference|index)\b|\bgoose\.|\bgormigrate\b|\bexecute\b/i;

/** Whether a path may be a migration written as a program; `text` decides, where there is one. */
export function isProgramPath(path: string): boolean {
  return CODE.test(path) && FOLDER.test(path) && !ASIDE.test(path);
}

/** Reads a migration written as a program; null where the file is none. */
export function readProgram(path: string, text: string): ProgramEdits | null {
  if (!isProgramPath(path) || !WORDS.test(text)) return null;
  const language = /\.rb$/i.test(path) ? 'ruby' : /\.exs?$/i.test(path) ? 'elixir' : 'other';
  const bare = withoutComments(text.slice(0, 200_000), path);
  const { up, down, automatic } = sectionsOf(bare);
  const edits = (section: string): readonly SchemaEdit[] => withoutRepeats([...editsOfProgram(section, language), ...strayText(section, language)]);
  const upEdits = django(bare) ? edits(withoutStateOnly(up)) : edits(up);
  if (down === null) return { up: upEdits, down: automatic || django(bare) ? automaticDown(bare) : 'none' };
  const irreversible = /IrreversibleMigration|NotImplementedError|irreversible|cannot be (?:reverted|undone)/i.test(down) || isEmptyDown(down);
  return { up: upEdits, down: irreversible ? 'none' : edits(down) };
}

function django(text: string): boolean {
  return /\bmigrations\.(?:Migration|AddField|RemoveField|AlterField|Rename\w+|CreateModel|DeleteModel|Run\w+|SeparateDatabaseAndState|AddConstraint)\b/.test(text);
}

/** A framework turns round what it knows; a program without a way back stops it. */
function automaticDown(text: string): 'automatic' | 'none' {
  const programs = [...text.matchAll(/\bRun(?:Python|SQL)\(([\s\S]{0,1500}?)\)\s*,?\s*(?=\n\s*(?:migrations\.|\]|$))/g)].map((match) => match[1] ?? '');
  return programs.some((inner) => !/\breverse(?:_code|_sql)\b/.test(inner) && !/^\s*[\w.]+\s*,\s*[\w.]+/.test(inner)) ? 'none' : 'automatic';
}

/** `SeparateDatabaseAndState(state_operations=[…])` changes what the program knows and nothing in the database. */
function withoutStateOnly(text: string): string {
  let result = text;
  for (let round = 0; round < 20; round += 1) {
    const at = result.search(/\bstate_operations\s*=\s*\[/);
    if (at < 0) return result;
    const open = result.indexOf('[', at);
    let depth = 0;
    let end = open;
    for (; end < result.length; end += 1) {
      if (result[end] === '[') depth += 1;
      else if (result[end] === ']' && (depth -= 1) === 0) break;
    }
    result = `${result.slice(0, at)}${result.slice(end + 1)}`;
  }
  return result;
}

function withoutComments(text: string, path: string): string {
  const hash = /\.(?:rb|py|exs?)$/i.test(path);
  const lines = text.replace(hash ? /(?!)/ : /\/\*[\s\S]*?\*\//g, '').split('\n');
  return lines.filter((line) => !(hash ? /^\s*#/ : /^\s*\/\//).test(line)).join('\n');
}

const HEADS = /^[^\S\n]*(?:(?:public|protected|private|override|static|async|export|default|suspend|internal)\s+)*(?:(?:def|func|fun|function|void|Task|const|let)\s+)?(?:\(\w*\s*\*?\w*\)\s*)?(?:self\.|exports\.|module\.exports\.)?([A-Za-z_]\w*)\s*(?:\([^\n]*\)|=\s*(?:async\s*)?(?:function\b|\([^\n]*=>)|:\s*(?:async\s*)?(?:function\b|\([^\n]*=>)|:\s*func\(|$|do\s*$|\(\s*$)/gm;
const DOWNWARD = /^(?:down|downgrade|safeDown|rollback|migrateDown|undo)$|(?:^|_)(?:down|reverse|backwards?|undo|rollback|unpopulate|restore)|(?:Down|Reverse|Backwards?|Undo|Rollback)/;
const UPWARD = /^(?:up|upgrade|change|safeUp|migrate|forwards?|migrateUp)$/i;
const DEFINES = /^[^\S\n]*(?:(?:public|protected|private|override|static|async|export|default|suspend|internal)\s+)*(?:def|func|fun|function|void|Task)\s|^[^\S\n]*(?:(?:public|async|static|export)\s+)*(?:(?:const|let)\s+)?(?:exports\.|module\.exports\.)?(?:up|down|safeUp|safeDown)\b|^[^\S\n]*(?:Migrate|Rollback)\s*:/;

/** The text of either direction; what belongs to none is taken for the up direction unless its name says otherwise. */
function sectionsOf(text: string): { readonly up: string; readonly down: string | null; readonly automatic: boolean } {
  const heads = [...text.matchAll(HEADS)].filter((match) => DEFINES.test(match[0])).map((match) => ({ at: match.index, name: match[1] ?? '' }));
  const up: string[] = [text.slice(0, heads[0]?.at ?? text.length)];
  const down: string[] = [];
  let automatic = false;
  for (const [index, { at, name }] of heads.entries()) {
    const section = text.slice(at, heads[index + 1]?.at ?? text.length);
    const body = section.slice(section.indexOf('\n') < 0 ? 0 : section.search(/[\n{]/));
    if (DOWNWARD.test(name)) down.push(body);
    else if (name === 'change') {
      automatic = true;
      const { forward, backward } = splitReversible(body);
      up.push(forward);
      if (backward !== '') down.push(backward);
    } else up.push(UPWARD.test(name) ? body : section);
  }
  return { up: up.join('\n'), down: down.length === 0 || (automatic && down.every((each) => each.trim() === '')) ? null : down.join('\n'), automatic };
}

/** `dir.down do … end` inside `change`. */
function splitReversible(body: string): { readonly forward: string; readonly backward: string } {
  const backward: string[] = [];
  const forward = body.replace(/\b\w+\.down\s*(?:do\b([\s\S]*?)\n\s*end\b|\{([^{}]*)\})/g, (_whole, block: string | undefined, braces: string | undefined) => {
    backward.push(block ?? braces ?? '');
    return '';
  });
  return { forward, backward: backward.join('\n') };
}

function isEmptyDown(text: string): boolean {
  return text.replace(/\b(?:pass|end|return|null|Promise\.resolve\(\)|raise|"""[\s\S]*?""")|[{}();:,\s\]]/g, '').length < 4;
}

/** SQL in literals of calls that are not known by name. */
function strayText(section: string, language: string): readonly SchemaEdit[] {
  const found: SchemaEdit[] = [];
  const literals = section.matchAll(/`((?:[^`\\]|\\.){10,20000})`|"{3}([\s\S]{10,20000}?)"{3}|<<[~-]?['"]?(\w+)['"]?[^\n]*\n([\s\S]{10,20000}?)\n\s*\3\b|"((?:[^"\\\n]|\\.){10,4000})"|'((?:[^'\\\n]|\\.){10,4000})'/g);
  for (const match of literals) {
    const text = match[1] ?? match[2] ?? match[4] ?? match[5] ?? match[6] ?? '';
    if (/^\s*(?:--[^\n]*\n\s*)*(?:alter\s+(?:table|type)|drop\s+(?:table|view|type|materialized)|update\s+\S+\s+set|delete\s+from|truncate\s|insert\s+into|create\s+(?:unique\s+index|table)|rename\s+table)/i.test(text)) found.push(...editsOfText(text.replace(/\\(["'`])/g, '$1')));
  }
  if (language === 'other' && /\bapps\.get_model\(/.test(section) && /\.(?:update|bulk_update|save|delete)\(/.test(section)) {
    const model = /\bapps\.get_model\(\s*["'][\w.]+["']\s*,\s*["'](\w+)["']/.exec(section)?.[1] ?? /\bapps\.get_model\(\s*["']\w+\.(\w+)["']/.exec(section)?.[1] ?? null;
    found.push(edit('update', model));
  }
  return found;
}

function withoutRepeats(edits: readonly SchemaEdit[]): readonly SchemaEdit[] {
  const seen = new Set<string>();
  return edits.filter((each) => {
    const key = `${each.kind} ${each.table ?? ''} ${each.column ?? ''} ${each.to ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
