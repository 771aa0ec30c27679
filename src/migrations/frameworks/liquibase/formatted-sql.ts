import { joinTexts, textAt, textFor, type LocatedText } from '../../../languages/located-text.js';
import type { Sent } from './change.js';
import type { ChangeSet, Entry, Rollback } from './changelog.js';
import { withDelimiter } from './changes.js';
import { isFor, writtenFor } from './conditions.js';
import { fill, fillLocated, type Properties } from './properties.js';

const HEADER = /^\uFEFF?\s*--\s*liquibase\s*formatted/i;
const CHANGESET = /^\s*--\s*changeset\s+("[^"]+"|[^:]+):\s*("[^"]+"|\S+)(.*)$/i;
const PROPERTY = /^\s*--\s*property\s+(.*)$/i;
const INCLUDE = /^\s*--\s*include(All)?\s+(.*)$/i;
const ROLLBACK = /^(\s*--\s*rollback(?:\s|$))(.*)$/i;
const ROLLBACK_START = /^\s*\/\*\s*liquibase\s*rollback\s*$/i;
const IGNORE = /^\s*--\s*ignoreLines:(\w+)/i;

/** Whether a text is a changelog in SQL. */
export function isFormattedSql(text: string): boolean {
  return HEADER.test(text.slice(0, 2000));
}

/** `key:value key:"a value"` → attributes. */
function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of text.slice(0, 2000).matchAll(/([A-Za-z]+):\s*("[^"]*"|'[^']*'|\S+)/g)) found.set(match[1] ?? '', (match[2] ?? '').replace(/^["']|["']$/g, ''));
  return found;
}

interface Line {
  /** Without its end. */
  readonly text: string;
  readonly start: number;
  /** The line's end, as it is written; empty at the end of the file. */
  readonly ending: string;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const whole of text.split(/(?<=\n)/)) {
    const ending = /\r?\n$/.exec(whole)?.[0] ?? '';
    lines.push({ text: whole.slice(0, whole.length - ending.length), start, ending });
    start += whole.length;
  }
  return lines;
}

interface Open {
  readonly author: string;
  readonly id: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly start: number;
  end: number;
  readonly sql: LocatedText[];
  readonly rollback: LocatedText[];
  /** Whether a rollback is given at all, perhaps an empty one. */
  hasRollback: boolean;
  inRollback: boolean;
}

function whole(line: Line): LocatedText {
  return textAt(line.text + line.ending, line.start);
}

function opened(match: RegExpExecArray, line: Line): Open {
  const unquote = (name: string | undefined): string => (name ?? '').trim().replace(/^"|"$/g, '');
  return { author: unquote(match[1]), id: unquote(match[2]), attributes: attributesOf(match[3] ?? ''), start: line.start, end: line.start + line.text.length, sql: [], rollback: [], hasRollback: false, inRollback: false };
}

/** A line of a changeset: SQL, or part of its rollback. */
function take(open: Open, line: Line): void {
  if (line.text.trim() !== '') open.end = line.start + line.text.length;
  if (open.inRollback) {
    const close = line.text.indexOf('*/');
    open.rollback.push(...(close === -1 ? [whole(line)] : [textAt(line.text.slice(0, close), line.start), textFor('\n', line.start + close)]));
    if (close !== -1) open.inRollback = false;
    return;
  }
  const single = ROLLBACK.exec(line.text);
  if (single !== null) {
    open.hasRollback = true;
    open.rollback.push(textAt((single[2] ?? '') + line.ending, line.start + (single[1] ?? '').length));
  } else if (ROLLBACK_START.test(line.text)) {
    open.hasRollback = true;
    open.inRollback = true;
  } else open.sql.push(whole(line));
}

function rollbackOf(open: Open, properties: Properties): Rollback {
  if (!open.hasRollback) return { kind: 'none' };
  const text = joinTexts(open.rollback);
  const word = text.text.trim();
  const reference = attributesOf(/^change[sS]et/i.test(word) ? word : '');
  const id = reference.get('changesetId') ?? reference.get('changeSetId');
  if (id !== undefined) return { kind: 'see', id, author: reference.get('changesetAuthor') ?? reference.get('changeSetAuthor') ?? null };
  const nothing = /^(?:empty|not required)?\s*;?\s*$/i.test(word);
  const delimiter = open.attributes.get('rollbackEndDelimiter') ?? open.attributes.get('endDelimiter') ?? null;
  return { kind: 'sent', sent: nothing ? [] : [{ kind: 'written', text: withDelimiter(fillLocated(text, properties), delimiter), together: open.attributes.get('rollbackSplitStatements') === 'false' }], start: open.start, end: open.end };
}

function closed(open: Open, properties: Properties): ChangeSet {
  const text = withDelimiter(fillLocated(joinTexts(open.sql), properties), open.attributes.get('endDelimiter') ?? null);
  const sent: readonly Sent[] = [{ kind: 'written', text, together: open.attributes.get('splitStatements')?.toLowerCase() === 'false' }];
  return {
    kind: 'changeset',
    id: open.id,
    author: open.author,
    start: open.start,
    end: open.end,
    writtenFor: writtenFor(open.attributes, null),
    inTransaction: open.attributes.get('runInTransaction')?.toLowerCase() !== 'false',
    sent,
    rollback: rollbackOf(open, properties),
  };
}

/** A line outside changesets' SQL: a property, an include; null for any other. */
function directive(line: string, properties: Map<string, string>): Entry | null {
  const property = PROPERTY.exec(line)?.[1];
  if (property !== undefined) {
    const attributes = attributesOf(property);
    const name = attributes.get('name');
    const value = attributes.get('value');
    if (name === undefined || value === undefined || !isFor(attributes.get('dbms'))) return null;
    if (!properties.has(name)) properties.set(name, value);
    return { kind: 'property', name, value, global: attributes.get('global') !== 'false' };
  }
  const include = INCLUDE.exec(line);
  const attributes = attributesOf(include?.[2] ?? '');
  const path = attributes.get('file') ?? attributes.get('path');
  return include === null || path === undefined ? null : { kind: 'include', path, relative: attributes.get('relativeToChangelogFile') === 'true', all: include[1] !== undefined, depth: 100 };
}

/** The changesets of a changelog in SQL, each with its own lines. */
export function readFormattedSql(text: string, known: Properties): readonly Entry[] {
  const properties = new Map(known);
  const entries: Entry[] = [];
  let open: Open | null = null;
  let ignored: number | null = 0;
  for (const line of linesOf(text)) {
    const comment = line.text.length < 2000 && /^\s*--/.test(line.text);
    const ignore = comment ? IGNORE.exec(line.text)?.[1] : undefined;
    if (ignore !== undefined) ignored = /^start$/i.test(ignore) ? null : Number(ignore) || 0;
    else if (ignored === null || ignored > 0) {
      if (ignored !== null) ignored -= 1;
      continue;
    }
    const match = comment ? CHANGESET.exec(line.text) : null;
    if (match !== null) {
      if (open !== null) entries.push(closed(open, properties));
      open = opened(match, { ...line, text: fill(line.text, properties) });
      continue;
    }
    const entry: Entry | null = comment ? directive(line.text, properties) : null;
    if (entry !== null) entries.push(entry);
    else if (open !== null) take(open, line);
  }
  if (open !== null) entries.push(closed(open, properties));
  return entries;
}
