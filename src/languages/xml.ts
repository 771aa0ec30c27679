import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml';
import { joinTexts, textAt, textFor, type LocatedText } from './located-text.js';

/** An XML element. Offsets are in UTF-16 units of the file, `end` exclusive. */
export interface XmlNode {
  /** Without a namespace prefix: `ext:loadData` is `loadData`. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  readonly start: number;
  readonly end: number;
  /** Behind the start tag's `>`. */
  readonly bodyStart: number;
}

export interface XmlFailure {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** Larger texts are not parsed: they would cost hundreds of megabytes. In UTF-16 units. */
const MAXIMUM_XML_LENGTH = 4_000_000;

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The offset behind the start tag that begins at `start`: a `>` inside a quoted value ends nothing. */
function endOfStartTag(text: string, start: number, end: number): number {
  let quote = '';
  for (let at = start; at < end; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return end;
}

function nodeOf(element: XmlElement, text: string): XmlNode {
  const start = Math.max(0, element.start);
  const end = Math.min(element.end, text.length);
  const children = element.children.flatMap((child) => (child instanceof XmlElement ? [nodeOf(child, text)] : []));
  const attributes = new Map(Object.entries(element.attributes).map(([name, value]) => [localName(name), value]));
  return { name: localName(element.name), attributes, children, start, end, bodyStart: endOfStartTag(text, start, end) };
}

/** A document's root element. Never throws; reads nothing but the text (no external entities). */
export function readXml(text: string): XmlNode | XmlFailure {
  if (text.length > MAXIMUM_XML_LENGTH) return { line: 1, message: `longer than ${String(MAXIMUM_XML_LENGTH)} characters` };
  try {
    const { root } = parseXml(text, { includeOffsets: true, ignoreUndefinedEntities: true });
    return root === null ? { line: 1, message: 'there is no element' } : nodeOf(root, text);
  } catch (error) {
    if (error instanceof XmlError) return { line: error.line, message: error.message.split('\n')[0] ?? '' };
    return { line: 1, message: error instanceof RangeError ? 'nested too deeply' : String(error) };
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const MARKUP = /<!\[CDATA\[|<!--|<\/?[\w:.-]+|&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,10}));/g;

function entityText(decimal: string | undefined, hex: string | undefined, name: string | undefined): string | null {
  if (name !== undefined) return ENTITIES[name] ?? null;
  const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
}

/** Where a comment, CDATA section or nested element that starts at `start` ends. */
function endOfMarkup(text: string, start: number, end: number, closing: string): number {
  const found = text.indexOf(closing, start);
  return found === -1 || found > end ? end : found + closing.length;
}

/** An element's own text, entities resolved, comments and nested elements left out; every character knows its place. */
export function textOf(node: XmlNode, text: string): LocatedText {
  const end = Math.max(node.bodyStart, text.lastIndexOf('</', node.end - 1));
  const pieces: LocatedText[] = [];
  let copied = node.bodyStart;
  const pattern = new RegExp(MARKUP);
  pattern.lastIndex = node.bodyStart;
  const take = (until: number, next: number): void => {
    if (until > copied) pieces.push(textAt(text.slice(copied, until), copied));
    copied = next;
    pattern.lastIndex = next;
  };
  for (let match = pattern.exec(text); match !== null && match.index < end; match = pattern.exec(text)) {
    const [markup, decimal, hex, name] = match;
    if (markup.startsWith('<![')) {
      const stop = endOfMarkup(text, match.index, end, ']]>');
      take(match.index, stop);
      pieces.push(textAt(text.slice(match.index + 9, Math.max(match.index + 9, stop - 3)), match.index + 9));
    } else if (markup.startsWith('<!--')) take(match.index, endOfMarkup(text, match.index, end, '-->'));
    else if (markup.startsWith('<')) take(match.index, node.children.find((child) => child.start === match.index)?.end ?? endOfStartTag(text, match.index, end));
    else {
      const character = entityText(decimal, hex, name);
      if (character === null) continue;
      take(match.index, match.index + markup.length);
      pieces.push(textFor(character, match.index));
    }
  }
  if (end > copied) pieces.push(textAt(text.slice(copied, end), copied));
  return joinTexts(pieces);
}
