import { edit, losesValues, type SchemaEdit } from './schema-edit.js';

/** Longest text and most statements that are looked at. */
const TEXT_LIMIT = 400_000;
const STATEMENT_LIMIT = 2000;

const NAME = '((?:[`"\\[]?[\\w$#{}-]+[`"\\]]?\\.)*[`"\\[]?[\\w$#{}-]+[`"\\]]?)';
const IF = '(?:if\\s+(?:not\\s+)?exists\\s+)?';

/**
 * What SQL does, of any server, by light means: for what the parser does not read (another dialect, SQL in a program). Comments
 * and strings are no statements.
 */
export function editsOfText(sql: string): readonly SchemaEdit[] {
  return statementsOf(sql.slice(0, TEXT_LIMIT)).flatMap(editsOfStatement);
}

/** Statements without comments; what stands in quotes is kept and splits nothing. */
function statementsOf(sql: string): readonly string[] {
  const bare = sql.replace(/'(?:[^'\\]|''|\\.)*'|--[^\n]*|(?<=^|\n)\s*#[^\n]*|\/\*[\s\S]*?\*\//g, (found) => (found.startsWith("'") ? `'${found.slice(1, -1).replace(/[;']/g, ' ')}'` : ' '));
  return bare.split(';').slice(0, STATEMENT_LIMIT).map((statement) => statement.trim()).filter((statement) => statement !== '');
}

type Reader = (match: RegExpExecArray, statement: string) => readonly SchemaEdit[];

function plain(name: string | undefined): string | null {
  const bare = (name ?? '').replace(/[`"[\]]/g, '').replace(/^(?:public|dbo)\./i, '');
  return bare === '' ? null : bare;
}

function listed(kind: 'drop-table' | 'drop-view' | 'drop-type' | 'drop-schema' | 'truncate'): Reader {
  return (match) => (match[1] ?? '').split(',').map((name) => edit(kind, plain(/^[^\s(]+/.exec(name.trim())?.[0])));
}

const STATEMENTS: readonly (readonly [RegExp, Reader])[] = [
  [new RegExp(`^alter\\s+(?:foreign\\s+)?table\\s+${IF}(?:only\\s+)?${NAME}\\s+([\\s\\S]*)$`, 'i'), (match) => splitActions(match[2] ?? '').flatMap((action) => editsOfAction(plain(match[1]), action))],
  [new RegExp(`^drop\\s+(?:foreign\\s+)?table\\s+${IF}([\\s\\S]+)$`, 'i'), listed('drop-table')],
  [new RegExp(`^drop\\s+(?:materialized\\s+)?view\\s+(?:concurrently\\s+)?${IF}([\\s\\S]+)$`, 'i'), listed('drop-view')],
  [new RegExp(`^drop\\s+(?:type|domain)\\s+${IF}([\\s\\S]+)$`, 'i'), listed('drop-type')],
  [new RegExp(`^drop\\s+(?:schema|database)\\s+${IF}([\\s\\S]+)$`, 'i'), listed('drop-schema')],
  [/^truncate\s+(?:table\s+)?(?:only\s+)?([\s\S]+)$/i, listed('truncate')],
  [new RegExp(`^rename\\s+table\\s+${NAME}\\s+to\\s+${NAME}`, 'i'), (match) => [edit('rename-table', plain(match[1]), null, plain(match[2]))]],
  [/^exec(?:ute)?\s+sp_rename\s+'([^']+)'\s*,\s*'([^']+)'(?:\s*,\s*'(\w+)')?/i, (match) => [renamedByProcedure(match)]],
  [new RegExp(`^alter\\s+type\\s+${NAME}\\s+add\\s+value\\s+${IF}'([^']*)'`, 'i'), (match) => [edit('enum-value', plain(match[1]), null, match[2] ?? null)]],
  [new RegExp(`^alter\\s+type\\s+${NAME}\\s+rename\\s+value\\s+'([^']*)'\\s+to\\s+'([^']*)'`, 'i'), (match) => [edit('rename-value', plain(match[1]), match[2] ?? null, match[3] ?? null)]],
  [new RegExp(`^alter\\s+(?:type|domain)\\s+${NAME}\\s+rename\\s+to\\s+${NAME}`, 'i'), (match) => [edit('rename-type', plain(match[1]), null, plain(match[2]))]],
  [new RegExp(`^alter\\s+(?:materialized\\s+)?view\\s+${IF}${NAME}\\s+rename\\s+to\\s+${NAME}`, 'i'), (match) => [edit('rename-table', plain(match[1]), null, plain(match[2]))]],
  [new RegExp(`^(?:with\\s[\\s\\S]{0,2000}?\\)\\s*)?update\\s+(?:low_priority\\s+|ignore\\s+|only\\s+)*${NAME}\\s[\\s\\S]{0,4000}?\\bset\\s+([\\s\\S]+)$`, 'i'), (match) => [updated(match)]],
  [new RegExp(`^(?:with\\s[\\s\\S]{0,2000}?\\)\\s*)?delete\\s+(?:\\w+\\s+)?from\\s+(?:only\\s+)?${NAME}`, 'i'), (match) => [edit('delete', plain(match[1]))]],
  [new RegExp(`^merge\\s+into\\s+${NAME}`, 'i'), (match) => [edit('update', plain(match[1]))]],
  [new RegExp(`^(?:insert|replace)\\s+(?:\\w+\\s+)?into\\s+${NAME}`, 'i'), (match, statement) => [edit(/\bon\s+(?:conflict[\s\S]*do\s+update|duplicate\s+key)/i.test(statement) || /^replace/i.test(statement) ? 'update' : 'insert', plain(match[1]))]],
  [new RegExp(`^create\\s+unique\\s+(?:clustered\\s+|nonclustered\\s+)?index\\s+(?:concurrently\\s+)?${IF}(?:${NAME}\\s+)?on\\s+(?:only\\s+)?${NAME}\\s*(?:using\\s+\\w+\\s*)?\\(([^)]*)\\)`, 'i'), (match) => [edit('unique', plain(match[2]), plain(match[3]?.trim()))]],
  [new RegExp(`^create\\s+(?:unlogged\\s+|global\\s+|local\\s+)?(temp(?:orary)?\\s+)?table\\s+${IF}${NAME}([\\s\\S]*)$`, 'i'), (match) => [edit(/^\s*(?:\([^)]*\)\s*)?as\s+(?:\(?\s*select|table\b|with\b)/i.test(match[3] ?? '') && match[1] === undefined ? 'copy-table' : 'create-table', plain(match[2]))]],
  [new RegExp(`^select\\s[\\s\\S]{1,2000}?\\sinto\\s+(?:table\\s+)?${NAME}\\s+from\\b`, 'i'), (match) => [edit('copy-table', plain(match[1]))]],
  [new RegExp(`^create\\s+(?:or\\s+replace\\s+)?(?:\\w+\\s+)*?view\\s+${IF}${NAME}`, 'i'), (match) => [edit('create-view', plain(match[1]))]],
  [new RegExp(`^create\\s+(?:type|domain)\\s+${NAME}`, 'i'), (match) => [edit('create-type', plain(match[1]))]],
  [/^drop\s+index\b/i, () => [edit('loosen')]],
];

function editsOfStatement(statement: string): readonly SchemaEdit[] {
  for (const [pattern, read] of STATEMENTS) {
    const match = pattern.exec(statement);
    if (match !== null) return read(match, statement);
  }
  // A block of a procedural language: its statements stand inside.
  const inner = /\b(?:begin|then|loop|do)\s+((?:update|delete|alter|drop|truncate|insert)\s[\s\S]+)$/i.exec(statement)?.[1];
  return inner === undefined || inner.length >= statement.length ? [] : editsOfStatement(inner);
}

function updated(match: RegExpExecArray): SchemaEdit {
  const set = (match[2] ?? '').split(/\bwhere\b|\bfrom\b/i)[0] ?? '';
  const columns = splitActions(set).flatMap((part) => plain(/^\s*(?:\w+\.)?([`"[]?\w+[`"\]]?)\s*=/.exec(part)?.[1]) ?? []);
  return { ...edit('update', plain(match[1]), columns[0] ?? null), columns };
}

function renamedByProcedure(match: RegExpExecArray): SchemaEdit {
  const parts = (match[1] ?? '').replace(/[[\]]/g, '').split('.');
  if (match[3]?.toUpperCase() === 'COLUMN') return edit('rename-column', parts.slice(0, -1).join('.') || null, parts.at(-1) ?? null, match[2] ?? null);
  return edit('rename-table', match[1] ?? null, null, match[2] ?? null);
}

/** The parts of a list between commas that stand in no parentheses. */
export function splitActions(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '(' || sign === '[' || sign === '{') depth += 1;
    else if (sign === ')' || sign === ']' || sign === '}') depth -= 1;
    else if (sign === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}

const COLUMN = '([`"\\[]?[\\w$]+[`"\\]]?)';

/** Subcommands of ALTER TABLE. */
function editsOfAction(table: string | null, action: string): readonly SchemaEdit[] {
  const match = (pattern: string): RegExpExecArray | null => new RegExp(`^${pattern}`, 'i').exec(action);
  if (match('drop\\s+primary\\s+key') || match(`add\\s+(?:constraint\\s+\\S+\\s+)?primary\\s+key`)) return [edit('primary-key', table)];
  if (match('drop\\s+(?:constraint|index|key|foreign|check)\\b')) return [edit('loosen', table)];
  if (match('(?:drop|truncate)\\s+partition\\b')) return [edit('delete', table)];
  const dropped = match(`drop\\s+(?:column\\s+)?${IF}${COLUMN}`);
  if (dropped) return [edit('drop-column', table, plain(dropped[1]))];
  const moved = match(`rename\\s+(?:to|as)\\s+${NAME}`);
  if (moved) return [edit('rename-table', table, null, plain(moved[1]))];
  if (match('rename\\s+(?:constraint|index|key)\\b')) return [];
  const renamed = match(`rename\\s+(?:column\\s+)?${COLUMN}\\s+to\\s+${COLUMN}`);
  if (renamed) return [edit('rename-column', table, plain(renamed[1]), plain(renamed[2]))];
  const changed = match(`change\\s+(?:column\\s+)?${COLUMN}\\s+${COLUMN}\\s+(\\w+)`);
  if (changed) return plain(changed[1]) === plain(changed[2]) ? [edit('set-type', table, plain(changed[1]), changed[3] ?? null)] : [edit('rename-column', table, plain(changed[1]), plain(changed[2]))];
  const altered = match(`(?:alter|modify)\\s+(?:column\\s+)?${COLUMN}\\s+([\\s\\S]*)`);
  if (altered) return alteredColumn(table, plain(altered[1]), altered[2] ?? '');
  return match('add\\b') ? added(table, action) : [];
}

function alteredColumn(table: string | null, column: string | null, rest: string): readonly SchemaEdit[] {
  if (/^drop\b/i.test(rest)) return [edit('loosen', table, column)];
  if (/^set\s+not\s+null/i.test(rest)) return [edit('not-null', table, column)];
  if (/^(?:set\s+default|set\s+statistics|set\s+storage|add\s+generated)/i.test(rest)) return [];
  const type = /^(?:(?:set\s+data\s+)?type\s+)?(\w[\w ]*(?:\([^)]*\))?)/i.exec(rest)?.[1]?.trim();
  const using = /\busing\s+([\s\S]{1,2000})$/i.exec(rest)?.[1];
  const lost = using !== undefined && losesValues(using) ? [edit('update', table, column)] : [];
  const edits = type === undefined ? [] : [...lost, edit('set-type', table, column, type.replace(/\s+(?:not\s+null|null|using|default).*$/i, ''))];
  return /\bnot\s+null\b/i.test(rest) && !/\bdefault\b/i.test(rest) ? [...edits, edit('not-null', table, column)] : edits;
}

function added(table: string | null, action: string): readonly SchemaEdit[] {
  const body = action.replace(/^add\s+/i, '').replace(/^constraint\s+\S+\s+/i, '');
  const columnIn = (pattern: RegExp): string | null => plain(pattern.exec(body)?.[1]?.split(',')[0]?.trim());
  if (/^unique\b/i.test(body)) return [edit('unique', table, columnIn(/\(([^)]*)\)/))];
  if (/^check\b/i.test(body)) return [edit('check', table)];
  if (/^foreign\s+key\b/i.test(body)) return [edit('foreign-key', table, columnIn(/\(([^)]*)\)/))];
  if (/^(?:index|key|fulltext|spatial|partition|exclude)\b/i.test(body)) return [];
  const column = plain(new RegExp(`^(?:column\\s+)?${IF}\\(?\\s*${COLUMN}`, 'i').exec(body)?.[1]);
  const required = /\bnot\s+null\b/i.test(body) && !/\bdefault\b|\bgenerated\b|\bauto_increment\b|\bserial\b|\bidentity\b/i.test(body);
  const unique = /\bunique\b/i.test(body);
  return [edit(required ? 'new-required-column' : 'add-column', table, column), ...(unique && required ? [edit('unique', table, column)] : [])];
}
