import type * as PgQuery from 'libpg-query';
import type { Node } from 'libpg-query';
import type { Span } from '../core/change-set.js';
import { lineIndex, type LineIndex } from './line-index.js';
import { routineOf, type Routine } from './plpgsql.js';
import { sqlTokens } from './sql-token.js';
import { maskSql, PSQL_COMMAND, type MaskedSql, type SqlMask } from './sql-mask.js';
import { resolveBlocks, type Stretch } from './template-blocks.js';

export type * from 'libpg-query';

type Library = typeof PgQuery;

let library: Library | undefined;

/** Loads Postgres' own parser (WebAssembly) once. `parseSql` may be called after it has resolved. */
export async function loadSql(): Promise<void> {
  if (library !== undefined) return;
  const loaded = await import('libpg-query');
  await loaded.loadModule();
  library = loaded;
}

interface StatementBase {
  /** As written, without its semicolon. */
  readonly text: string;
  /** Offsets in the file, UTF-16 units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly span: Span;
  /** Whether it runs only under a condition of a template or of psql. */
  readonly conditional?: boolean;
}

/** A statement the grammar knows. */
export interface ParsedStatement extends StatementBase {
  readonly kind: 'parsed';
  /** The parser's name: `AlterTableStmt`. */
  readonly tag: string;
  readonly node: Node;
  /** The file's offset of a `location` in the tree. */
  offsetOf(location: number): number;
}

/** A statement that holds something that is not SQL; nothing is claimed about it. */
export interface OpaqueStatement extends StatementBase {
  readonly kind: 'opaque';
  readonly reason: string;
}

/** A statement that is meant as SQL and does not parse. */
export interface BrokenStatement extends StatementBase {
  readonly kind: 'broken';
  /** 1-based line of the error. */
  readonly line: number;
  readonly message: string;
}

export type SqlStatement = ParsedStatement | OpaqueStatement | BrokenStatement;

export interface SqlFile {
  /** The text that was parsed: as written, with placeholders masked, every position kept. */
  readonly text: string;
  readonly lines: LineIndex;
  readonly statements: readonly SqlStatement[];
}

/** Larger texts are not parsed: they are data, and would cost hundreds of megabytes. In UTF-16 units. */
export const MAXIMUM_SQL_LENGTH = 4_000_000;

/** Longer statements are rows of data; their tree would cost seconds. In UTF-16 units. */
export const MAXIMUM_STATEMENT_LENGTH = 500_000;

/** Statements of one text beyond this many are not looked at one by one. */
export const MAXIMUM_SQL_STATEMENTS = 10_000;

interface RawStatement {
  readonly node: Node;
  /** Bytes. */
  readonly location: number;
  readonly length: number | null;
}

interface ParseFailure {
  readonly message: string;
  /** Characters (code points), or null when the parser gave up without a place. */
  readonly at: number | null;
  readonly tooDeep: boolean;
}

function parseText(text: string): readonly RawStatement[] | ParseFailure {
  if (library === undefined) throw new Error('loadSql() has not been awaited');
  try {
    const result = library.parseSync(text);
    return (result.stmts ?? []).flatMap((raw) =>
      raw.stmt === undefined ? [] : [{ node: raw.stmt, location: raw.stmt_location ?? 0, length: raw.stmt_len ?? null }],
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const details = library.hasSqlDetails(error) ? error.sqlDetails : undefined;
    return { message, at: details?.cursorPosition ?? null, tooDeep: error instanceof RangeError || message.startsWith('memory exhausted') };
  }
}

/** Maps byte offsets of the UTF-8 form to UTF-16 offsets; null when they are the same. */
function byteMap(text: string): Uint32Array | null {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes === text.length) return null;
  const map = new Uint32Array(bytes + 1);
  let byte = 0;
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at) ?? 0;
    const width = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    map.fill(at, byte, byte + width);
    byte += width;
    at += point > 0xffff ? 2 : 1;
  }
  map[bytes] = text.length;
  return map;
}

function charactersToOffset(text: string, characters: number): number {
  let at = 0;
  for (let seen = 0; seen < characters && at < text.length; seen += 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

function tagOf(node: Node): string {
  return Object.keys(node)[0] ?? 'Unknown';
}

/** A statement's text up to its last word: a comment between that and the semicolon is no part of it. */
function withoutLastComment(source: string, start: number, end: number): string {
  const written = source.slice(start, end).trimEnd();
  if (!written.endsWith('*/') && !written.slice(written.lastIndexOf('\n') + 1).includes('--')) return written;
  let last = start;
  for (const token of sqlTokens(source, start, start + written.length)) last = token.end;
  return source.slice(start, Math.max(last, start));
}

/** Statements of a text that parses, `base` being its offset in the file. */
function locate(source: string, raws: readonly RawStatement[], text: string, base: number, lines: LineIndex, ends: readonly number[]): ParsedStatement[] {
  const map = byteMap(text);
  const offsetOf = (location: number): number => base + (map === null ? Math.min(location, text.length) : (map[Math.min(location, map.length - 1)] ?? text.length));
  return raws.map((raw) => {
    const start = offsetOf(raw.location);
    const rawEnd = raw.length === null ? base + text.length : offsetOf(raw.location + raw.length);
    const end = raw.length === null ? (ends.find((each) => each > start) ?? rawEnd) : rawEnd;
    const written = withoutLastComment(source, start, end);
    return { kind: 'parsed', tag: tagOf(raw.node), node: raw.node, text: written, start, end: start + written.length, span: lines.span(start, start + written.length), offsetOf };
  });
}

/** The masks that lie in a range. */
function masksIn(masks: readonly SqlMask[], start: number, end: number): readonly SqlMask[] {
  let low = 0;
  let high = masks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((masks[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  let stop = low;
  while (stop < masks.length && (masks[stop]?.start ?? end) < end) stop += 1;
  return masks.slice(low, stop);
}

function parsePiece(source: string, masked: MaskedSql, lines: LineIndex, piece: { readonly start: number; readonly end: number }): SqlStatement[] {
  const text = masked.text.slice(piece.start, piece.end);
  const base = { text: source.slice(piece.start, piece.end), start: piece.start, end: piece.end, span: lines.span(piece.start, piece.end) };
  const masks = masksIn(masked.masks, piece.start, piece.end);
  const mask = masks.find((each) => !each.harmless);
  if (mask !== undefined) return [{ kind: 'opaque', ...base, reason: mask.reason }];
  if (text.length > MAXIMUM_STATEMENT_LENGTH) return [{ kind: 'opaque', ...base, reason: `longer than ${String(MAXIMUM_STATEMENT_LENGTH)} characters` }];
  const parsed = parseText(text);
  if ('message' in parsed) {
    if (parsed.tooDeep) return [{ kind: 'opaque', ...base, reason: 'nested too deeply to be parsed' }];
    // What stands for a placeholder need not fit; that is not the author's mistake.
    const [placeholder] = masks;
    if (placeholder !== undefined) return [{ kind: 'opaque', ...base, reason: placeholder.reason }];
    const at = piece.start + (parsed.at === null ? 0 : charactersToOffset(text, parsed.at));
    return [{ kind: 'broken', ...base, line: lines.position(at).line, message: parsed.message }];
  }
  return locate(source, parsed, text, piece.start, lines, [piece.end]);
}

/** psql commands that stand by themselves and do something. */
function opaqueMetas(masked: MaskedSql, lines: LineIndex, text: string): OpaqueStatement[] {
  let piece = 0;
  const found: OpaqueStatement[] = [];
  for (const mask of masked.masks) {
    if (mask.reason !== PSQL_COMMAND || mask.harmless) continue;
    while (piece < masked.pieces.length && (masked.pieces[piece]?.end ?? 0) <= mask.start) piece += 1;
    if ((masked.pieces[piece]?.start ?? mask.end) < mask.start || found.length >= MAXIMUM_SQL_STATEMENTS) continue;
    found.push({ kind: 'opaque', text: text.slice(mask.start, mask.end), start: mask.start, end: mask.end, span: lines.span(mask.start, mask.end), reason: mask.reason });
  }
  return found;
}

function within(stretches: readonly Stretch[], at: number): boolean {
  return stretches.some((stretch) => stretch.start <= at && at < stretch.end);
}

/** Statements of a template's loop are opaque; those under a condition say so. */
function underLogic(statements: readonly SqlStatement[], conditional: readonly Stretch[], repeated: readonly Stretch[]): readonly SqlStatement[] {
  if (conditional.length === 0 && repeated.length === 0) return statements;
  return statements.map((statement) => {
    const { text, start, end, span } = statement;
    if (within(repeated, start)) return { kind: 'opaque', text, start, end, span, reason: 'inside a loop of a template' };
    return within(conditional, start) ? { ...statement, conditional: true } : statement;
  });
}

function tooMany(statement: StatementBase): OpaqueStatement {
  return { kind: 'opaque', text: '', start: statement.start, end: statement.end, span: statement.span, reason: `behind the first ${String(MAXIMUM_SQL_STATEMENTS)} statements of the file` };
}

/** The first statements, and one opaque one in place of the others. */
function bounded(statements: readonly SqlStatement[]): readonly SqlStatement[] {
  const first = statements[MAXIMUM_SQL_STATEMENTS];
  return first === undefined ? statements : [...statements.slice(0, MAXIMUM_SQL_STATEMENTS), tooMany(first)];
}

/**
 * Text → statements in order. What is not SQL (psql commands, COPY rows, template placeholders) is masked; statements that
 * hold a placeholder whose meaning cannot be told come back opaque. When the whole does not parse, each statement is parsed by
 * itself, so that one bad statement does not hide the others. `lines` says where the text stands when it is part of a file.
 * Never throws; needs `loadSql()`.
 */
export function parseSql(source: string, lines: LineIndex = lineIndex(source)): SqlFile {
  if (source.length > MAXIMUM_SQL_LENGTH) {
    const statement: OpaqueStatement = { kind: 'opaque', text: source.slice(0, 200), start: 0, end: 200, span: lines.span(0, 200), reason: `longer than ${String(MAXIMUM_SQL_LENGTH)} characters` };
    return { text: source, lines, statements: [statement] };
  }
  // The parser takes C strings: a null byte would end the text silently.
  const clean = source.replace(/\0|\uFEFF|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, ' ');
  const blocks = resolveBlocks(clean);
  const masked = maskSql(blocks.text);
  const statements = statementsOf(clean, masked, lines);
  return { text: masked.text, lines, statements: underLogic(statements, [...blocks.conditional, ...masked.conditional], blocks.repeated) };
}

function statementsOf(clean: string, masked: MaskedSql, lines: LineIndex): readonly SqlStatement[] {
  const plain = !masked.masks.some((mask) => !mask.harmless) && !masked.pieces.some((piece) => piece.end - piece.start > MAXIMUM_STATEMENT_LENGTH);
  if (masked.pieces.length > 0 && plain) {
    const whole = parseText(masked.text);
    if (!('message' in whole)) return bounded(locate(clean, whole, masked.text, 0, lines, masked.pieces.map((piece) => piece.end)));
  }
  const statements = [...masked.pieces.slice(0, MAXIMUM_SQL_STATEMENTS).flatMap((piece) => parsePiece(clean, masked, lines, piece)), ...opaqueMetas(masked, lines, clean)];
  const left = masked.pieces[MAXIMUM_SQL_STATEMENTS];
  const rest = left === undefined ? [] : [tooMany({ text: '', start: left.start, end: left.end, span: lines.span(left.start, left.end) })];
  return [...statements.sort((one, other) => one.start - other.start), ...rest];
}

/** A single statement's tree, and the text's offset of a `location` in it. */
export interface ParsedOne {
  readonly node: Node;
  offsetOf(location: number): number;
}

/** Text that is one statement; null for anything else. Nothing is masked. Needs `loadSql()`. */
export function parseOne(text: string): ParsedOne | null {
  if (text === '' || text.length > MAXIMUM_STATEMENT_LENGTH) return null;
  const parsed = parseText(text);
  if ('message' in parsed || parsed.length !== 1 || parsed[0] === undefined) return null;
  const map = byteMap(text);
  return { node: parsed[0].node, offsetOf: (location) => (map === null ? location : (map[location] ?? text.length)) };
}

/**
 * A DO statement or CREATE FUNCTION in PL/pgSQL → its statements as a tree; a string says why there is none. The parser's time
 * grows with the square of the declarations: the caller bounds the text. Needs `loadSql()`.
 */
export function parseRoutine(statement: string): Routine | string {
  if (library === undefined) throw new Error('loadSql() has not been awaited');
  try {
    return routineOf(library.parsePlPgSQLSync(statement)) ?? 'not PL/pgSQL';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
