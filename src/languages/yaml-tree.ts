import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, parseDocument, type Document, type Node, type Scalar } from 'yaml';
import { textAt, textFor, joinTexts, type LocatedText } from './located-text.js';

/** A part of a YAML or JSON text. Offsets are in UTF-16 units of the file, `end` exclusive. */
export type DataNode = DataMap | DataList | DataScalar;

export interface DataMap {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: string; readonly start: number; readonly value: DataNode }[];
  readonly start: number;
  readonly end: number;
}

export interface DataList {
  readonly kind: 'list';
  readonly items: readonly DataNode[];
  readonly start: number;
  readonly end: number;
}

export interface DataScalar {
  readonly kind: 'scalar';
  /** As text, numbers and booleans too; null for null and for nothing. */
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
}

export interface DataFailure {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** Larger texts are not parsed: they are data, and would cost seconds. In UTF-16 units. */
const MAXIMUM_LENGTH = 500_000;
const MAXIMUM_NODES = 200_000;

/** A text whose beginning has more errors than this is none of YAML; each of the others would cost time too. */
const MAXIMUM_ERRORS = 20;
const BEGINNING = 20_000;

interface Building {
  readonly document: Document;
  readonly text: string;
  nodes: number;
  depth: number;
}

function scalarValue(scalar: Scalar): string | null {
  if (scalar.value === null || scalar.value === undefined) return null;
  if (typeof scalar.value === 'string') return scalar.value;
  return scalar.source ?? JSON.stringify(scalar.value);
}

function emptyAt(offset: number): DataScalar {
  return { kind: 'scalar', value: null, start: offset, end: offset };
}

function nodeOf(node: unknown, building: Building, fallback: number): DataNode {
  building.nodes += 1;
  if (building.nodes > MAXIMUM_NODES || building.depth > 100) return emptyAt(fallback);
  if (isAlias(node)) {
    const target: Node | undefined = node.resolve(building.document);
    return target === undefined || isAlias(target) ? emptyAt(fallback) : nodeOf(target, building, fallback);
  }
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return emptyAt(fallback);
  const start = node.range?.[0] ?? fallback;
  const end = Math.max(start, node.range?.[1] ?? start);
  if (isScalar(node)) return { kind: 'scalar', value: scalarValue(node), start, end };
  building.depth += 1;
  const made = isSeq(node)
    ? ({ kind: 'list', items: node.items.map((item) => nodeOf(item, building, start)), start, end } as const)
    : ({
        kind: 'map',
        entries: node.items.map((pair) => {
          const at = isScalar(pair.key) ? (pair.key.range?.[0] ?? start) : start;
          return { key: isScalar(pair.key) ? String(pair.key.value) : '', start: at, value: nodeOf(pair.value, building, at) };
        }),
        start,
        end,
      } as const);
  building.depth -= 1;
  return made;
}

/** The first document of a YAML or JSON text. Never throws. */
export function readDataTree(text: string): DataNode | DataFailure {
  if (text.length > MAXIMUM_LENGTH) return { line: 1, message: `longer than ${String(MAXIMUM_LENGTH)} characters` };
  try {
    if (text.length > 2 * BEGINNING && parseDocument(text.slice(0, BEGINNING), { prettyErrors: false, logLevel: 'silent', uniqueKeys: false }).errors.length > MAXIMUM_ERRORS) return { line: 1, message: 'not YAML' };
    const lines = new LineCounter();
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent', stringKeys: true, uniqueKeys: false });
    const document = 'empty' in documents ? undefined : documents[0];
    if (document === undefined) return emptyAt(0);
    const [error] = document.errors;
    if (error !== undefined) return { line: Math.max(1, lines.linePos(error.pos[0]).line), message: error.message };
    return nodeOf(document.contents, { document, text, nodes: 0, depth: 0 }, 0);
  } catch (error) {
    return { line: 1, message: error instanceof RangeError ? 'nested too deeply' : String(error) };
  }
}

/** The length of an escape of a double-quoted text, with what may follow a line's end. */
function escapeLength(raw: string): number {
  return /^\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r?\n[ \t]*|[^])/.exec(raw)?.[0].length ?? 1;
}

/**
 * A scalar's value with the places of its characters: the written form is followed along; what it has more (indentation,
 * escapes, doubled quotes, folded lines) is skipped.
 */
export function scalarText(scalar: DataScalar, text: string): LocatedText {
  const value = scalar.value ?? '';
  const quoted = text[scalar.start] === '"';
  const pieces: LocatedText[] = [];
  let run = 0;
  let runFrom = -1;
  let at = bodyOf(scalar, text);
  const flush = (until: number): void => {
    if (runFrom >= 0 && until > run) pieces.push(textAt(value.slice(run, until), runFrom));
    runFrom = -1;
  };
  for (let index = 0; index < value.length; index += 1) {
    const wanted = value[index];
    while (at < scalar.end && text[at] !== wanted && (isSkipped(text[at] ?? '', quoted) || (quoted && /^\\\r?\n/.test(text.slice(at, at + 3))))) at += 1;
    if (at < scalar.end && text[at] === wanted && !(quoted && wanted === '\\')) {
      if (runFrom < 0 || runFrom + index - run !== at) {
        flush(index);
        run = index;
        runFrom = at;
      }
      at += wanted === "'" && text[scalar.start] === "'" ? 2 : 1;
      continue;
    }
    flush(index);
    pieces.push(textFor(wanted ?? '', Math.min(at, Math.max(scalar.start, scalar.end - 1))));
    if (quoted && text[at] === '\\') at += escapeLength(text.slice(at, at + 12));
    run = index + 1;
  }
  flush(value.length);
  return joinTexts(pieces);
}

function isSkipped(character: string, quoted: boolean): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n' || (!quoted && character === "'");
}

/** Behind the opening quote, or behind the first line of a block scalar. */
function bodyOf(scalar: DataScalar, text: string): number {
  const first = text[scalar.start] ?? '';
  if (first === '"' || first === "'") return scalar.start + 1;
  if (first !== '|' && first !== '>') return scalar.start;
  const line = text.indexOf('\n', scalar.start);
  return line === -1 ? scalar.end : line + 1;
}
