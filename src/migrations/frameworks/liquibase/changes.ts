import { rewritten, type LocatedText } from '../../../languages/located-text.js';
import { generated, unreadable, type Sent } from './change.js';
import { columnsOf } from './columns.js';
import { bodyOf, childOf, type Element } from './element.js';
import { isTrue, relation, sqlName, valueExpression, type Naming } from './names.js';
import { isFor } from './conditions.js';
import { isOn, STRUCTURE_CHANGES, type ChangeReader } from './structure-changes.js';

/** Parts of a changeset that change nothing. */
const SILENT = new Set(['comment', 'preConditions', 'validCheckSum', 'rollback', 'tagDatabase', 'output', 'empty', 'modifySql', 'property', '']);

function values(element: Element): (readonly [Element, string, string])[] {
  return columnsOf(element).flatMap((column) => {
    const name = column.attributes.get('name');
    const value = valueExpression(column, 'value') ?? (column.attributes.has('type') ? 'NULL' : null);
    return name === undefined ? [] : [[column, name, value ?? 'NULL'] as const];
  });
}

const insert: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  const rows = values(element);
  if (table === null || rows.length === 0) return null;
  return [generated(element, `INSERT INTO ${table} (${rows.map(([, name]) => sqlName(name, naming)).join(', ')}) VALUES (${rows.map(([, , value]) => value).join(', ')})`)];
};

/** A predicate with its parameters filled in. */
function predicate(element: Element, naming: Naming): string {
  const where = childOf(element, 'where')?.text().text.trim() ?? element.attributes.get('where')?.trim() ?? '';
  if (where === '') return '';
  const parameters = [...element.children, ...(childOf(element, 'whereParams')?.children ?? [])].filter((child) => child.name === 'param');
  let at = -1;
  const filled = where.replace(/:name\b|:value\b/g, (word) => {
    if (word === ':name') at += 1;
    const parameter = parameters[Math.max(0, at)];
    if (parameter === undefined) return word;
    return word === ':name' ? sqlName(parameter.attributes.get('name') ?? '', naming) : (valueExpression(parameter, 'value') ?? 'NULL');
  });
  return ` WHERE ${filled}`;
}

const update: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  const set = values(element).map(([, name, value]) => `${sqlName(name, naming)} = ${value}`);
  return table === null || set.length === 0 ? null : [generated(element, `UPDATE ${table} SET ${set.join(', ')}${predicate(element, naming)}`)];
};

const remove: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  return table === null ? null : [generated(element, `DELETE FROM ${table}${predicate(element, naming)}`)];
};

/** Rows from a file: what they lock is what a COPY locks. */
const load: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  return table === null ? null : [generated(element, `COPY ${table} FROM STDIN`)];
};

/** The text with a delimiter of its own turned into semicolons, every position kept. */
export function withDelimiter(text: LocatedText, written: string | null): LocatedText {
  const delimiter = (written ?? '').replace(/\\[nr]/g, '').replace(/^\^|\$$/g, '').replace(/\\(.)/g, '$1').trim();
  if (delimiter === '' || delimiter === ';' || delimiter.length > 20) return text;
  const word = /^\w+$/.test(delimiter);
  const escaped = delimiter.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const pattern = word ? new RegExp(`^([ \\t]*)${escaped}(?=[ \\t]*\\r?$)`, 'gim') : new RegExp(`()${escaped}(?=[ \\t]*\\r?$)`, 'gm');
  return rewritten(text, text.text.replace(pattern, (whole, lead: string) => `${lead};`.padEnd(whole.length, ' ')));
}

function writtenSql(element: Element, body: LocatedText): readonly Sent[] | null {
  if (body.text.trim() === '') return [];
  return [{ kind: 'written', text: withDelimiter(body, element.attributes.get('endDelimiter') ?? null), together: !isOn(element, 'splitStatements') }];
}

function fileOf(element: Element, attribute: string): readonly Sent[] | null {
  const path = element.attributes.get(attribute);
  if (path === undefined) return null;
  return [{ kind: 'file', path, relative: isTrue(element, 'relativeToChangelogFile'), together: !isOn(element, 'splitStatements'), delimiter: element.attributes.get('endDelimiter') ?? null, start: element.start, end: element.end }];
}

const program: ChangeReader = (element) => {
  const body = bodyOf(element, ['procedureText', 'procedureBody', 'functionText', 'functionBody', 'triggerText', 'triggerBody', 'text', 'sql']);
  if (body.text.trim() === '') return fileOf(element, 'path');
  return [{ kind: 'written', text: body, together: true }];
};

function dropProgram(kind: 'PROCEDURE' | 'FUNCTION', name: string): ChangeReader {
  return (element, naming) => {
    const what = relation(element, naming, name);
    return what === null ? null : [generated(element, `DROP ${kind} ${what}`)];
  };
}

const CHANGES: Readonly<Record<string, ChangeReader>> = {
  ...STRUCTURE_CHANGES,
  insert,
  update,
  delete: remove,
  loadData: load,
  loadUpdateData: load,
  sql: (element) => writtenSql(element, bodyOf(element, ['sql', 'text'])),
  sqlFile: (element) => fileOf(element, 'path'),
  createProcedure: program,
  createFunction: program,
  createTrigger: program,
  createPackage: program,
  dropProcedure: dropProgram('PROCEDURE', 'procedureName'),
  dropFunction: dropProgram('FUNCTION', 'functionName'),
};

function splitsNothing(element: Element): boolean {
  return !Object.hasOwn(CHANGES, element.name);
}

/** What one change sends. A type that is not known, or misses something, is one opaque step at its place. */
export function readChange(element: Element, naming: Naming): readonly Sent[] {
  if (SILENT.has(element.name) || !isFor(element.attributes.get('dbms'))) return [];
  if (splitsNothing(element)) return [unreadable(element, `the change \`${element.name}\` is not understood`)];
  return CHANGES[element.name]?.(element, naming) ?? [unreadable(element, `the change \`${element.name}\` misses what it needs`)];
}

/** Whether a child of a changeset is a change. */
export function isChange(element: Element): boolean {
  return !SILENT.has(element.name);
}
