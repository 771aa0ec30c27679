import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import { plainLine } from './plain-text.js';

/** A place in a YAML text and what is wrong there. */
export interface YamlProblem {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A path into the data: keys of maps and places in lists. */
export type YamlPath = readonly (string | number)[];

/** A small YAML document as plain data, and where its parts stand. */
export interface Yaml {
  readonly data: unknown;
  /** The place of a value, or of its nearest ancestor that is written down. */
  valueAt(path: YamlPath): { readonly line: number; readonly column: number };
  /** The place of a key of the map at the path. */
  keyAt(path: YamlPath, key: string): { readonly line: number; readonly column: number };
}

const MAX_CHARACTERS = 64_000;
const MAX_DEPTH = 20;
const MAX_PROBLEMS = 20;

/**
 * Reads a small YAML file that a stranger may have written. Refuses what configuration has no use for and what would
 * cost time or memory: large files, deep nesting, many aliases, tags, several documents, keys that are no text.
 */
export function readYaml(source: string): Yaml | { readonly problems: readonly YamlProblem[] } {
  const text = source.replace(/^\ufeff/, '');
  const refusal = refuse(text);
  if (refusal) return { problems: [refusal] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error', stringKeys: true });
  const problemAt = (offset: number, message: string): YamlProblem => ({ ...placeOf(lines, offset), message });
  const broken = [...document.errors, ...document.warnings].map((error) => problemAt(error.pos[0], words(error.code, error.message)));
  if (broken.length > 0) return { problems: broken.slice(0, MAX_PROBLEMS) };
  const odd = oddParts(document).map((part) => problemAt(part.offset, part.message));
  if (odd.length > 0) return { problems: odd.slice(0, MAX_PROBLEMS) };
  return {
    data: document.toJS({ maxAliasCount: 50 }),
    valueAt: (path) => placeOf(lines, offsetOf(document, path)),
    keyAt: (path, key) => placeOf(lines, keyOffset(nodeAt(document, path), key) ?? offsetOf(document, path)),
  };
}

/** What can be told before parsing: the parser's cost is bounded by it. */
function refuse(text: string): YamlProblem | null {
  if (text.length > MAX_CHARACTERS) {
    return { line: 1, column: 1, message: `the file has ${String(text.length)} characters; at most ${String(MAX_CHARACTERS)} are read` };
  }
  const strange = /[\u0000\ufffd]/.exec(text);
  const deep = strange ? null : tooDeep(text);
  const offset = strange?.index ?? deep;
  if (offset === null) return null;
  const before = text.slice(0, offset).split('\n');
  const message = strange ? 'the file is not UTF-8 text from here on' : `nested more than ${String(MAX_DEPTH)} levels deep`;
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
}

/** The offset at which brackets or indentation go too deep; null when they never do. Brackets in quotes count too. */
function tooDeep(text: string): number | null {
  let brackets = 0;
  let offset = 0;
  const indents: number[] = [];
  for (const line of text.split('\n')) {
    const lead = /^[ \t]*(?:[-?:][ \t]+)*/.exec(line)?.[0] ?? '';
    if (lead.length < line.length) {
      while (indents.length > 0 && (indents.at(-1) ?? 0) >= lead.length) indents.pop();
      indents.push(lead.length);
      if (indents.length + (lead.match(/[-?:]/g)?.length ?? 0) > MAX_DEPTH) return offset;
    }
    for (let index = 0; index < line.length; index++) {
      const character = line[index];
      if (character === '[' || character === '{') brackets++;
      else if ((character === ']' || character === '}') && brackets > 0) brackets--;
      if (brackets > MAX_DEPTH) return offset + index;
    }
    offset += line.length + 1;
  }
  return null;
}

/** Parts that parse but have no place in a configuration file. */
function oddParts(document: Document): { readonly offset: number; readonly message: string }[] {
  const found: { offset: number; message: string }[] = [];
  let aliases = 0;
  const open = new Set<string>();
  visit(document, {
    Pair(_key, pair) {
      // Plain data cannot hold it as a key like any other.
      if (isScalar(pair.key) && pair.key.value === '__proto__') found.push({ offset: pair.key.range?.[0] ?? 0, message: '`__proto__` is no known key: remove it' });
    },
    Node(_key, node, ancestors) {
      const offset = node.range?.[0] ?? 0;
      if (node.tag?.startsWith('!') === true || (node.tag !== undefined && !/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag))) {
        found.push({ offset, message: `the tag ${plainLine(node.tag)} has no meaning here: remove it` });
      }
      if (isAlias(node)) {
        aliases++;
        if (aliases === 51) found.push({ offset, message: 'more than 50 aliases (`*name`): write the values out' });
        for (const ancestor of ancestors) if (isNode(ancestor) && 'anchor' in ancestor && typeof ancestor.anchor === 'string') open.add(ancestor.anchor);
        if (open.has(node.source)) found.push({ offset, message: `the alias *${plainLine(node.source)} stands inside what it repeats` });
        open.clear();
      }
    },
  });
  return found;
}

function words(code: string, message: string): string {
  const known: Partial<Record<string, string>> = {
    DUPLICATE_KEY: 'this key stands here for the second time: keep one',
    MULTIPLE_DOCS: 'a second document begins here: keep one',
    NON_STRING_KEY: 'a key must be text',
    TAB_AS_INDENT: 'a tab is used for indentation: use spaces',
    BAD_ALIAS: 'this alias repeats something that has no name: write the value out, or quote a text that begins with `*`',
    RESOURCE_EXHAUSTION: 'too deeply nested',
  };
  return known[code] ?? `not valid YAML: ${plainLine(message)}`;
}

function placeOf(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** The node at the path, or the last one on the way that is written down. */
function nodeAt(document: Document, path: YamlPath): Node | null {
  let node: Node | null = document.contents;
  for (const step of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (!isNode(next)) return node;
    node = isAlias(next) ? (next.resolve(document) ?? next) : next;
  }
  return node;
}

function offsetOf(document: Document, path: YamlPath): number {
  const node = nodeAt(document, path);
  // An empty value has no width: its key is the better place.
  if (isScalar(node) && node.value === null && path.length > 0) {
    const key = path.at(-1);
    const offset = typeof key === 'string' ? keyOffset(nodeAt(document, path.slice(0, -1)), key) : null;
    if (offset !== null) return offset;
  }
  return node?.range?.[0] ?? 0;
}

function keyOffset(map: Node | null, key: string): number | null {
  if (!isMap(map)) return null;
  for (const pair of map.items) {
    if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key) return pair.key.range?.[0] ?? null;
  }
  return null;
}
