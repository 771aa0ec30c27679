import { joinTexts, textFor, type LocatedText } from '../../../languages/located-text.js';
import { readDataTree, scalarText, type DataNode } from '../../../languages/yaml-tree.js';
import { readXml, textOf, type XmlNode } from '../../../languages/xml.js';

/** A part of a changelog, whether XML, YAML or JSON. Offsets are of the file. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Nested elements; lists that only group others (`columns`, `changes`) are dissolved. */
  readonly children: readonly Element[];
  readonly start: number;
  readonly end: number;
  /** Its own text, every character with its place; empty when it has none. */
  readonly text: () => LocatedText;
  /** The same of an attribute. */
  readonly located: (attribute: string) => LocatedText;
}

export interface ElementFailure {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

function fromXml(node: XmlNode, file: string): Element {
  return {
    name: node.name,
    attributes: node.attributes,
    children: node.children.map((child) => fromXml(child, file)),
    start: node.start,
    end: node.end,
    text: () => textOf(node, file),
    located: (attribute) => textFor(node.attributes.get(attribute) ?? '', node.start),
  };
}

/** Keys whose list only groups elements that have names of their own. */
const GROUPING = new Set(['columns', 'changes', 'databaseChangeLog', 'whereParams']);

/** The elements of a list: `- createTable: {…}`; a bare value is an element without a name. */
function itemsOf(node: DataNode, file: string): Element[] {
  if (node.kind !== 'list') return childrenOf(node, file);
  return node.items.flatMap((item) => {
    if (item.kind !== 'map') return [elementOf('', item, item.start, file)];
    const named = item.entries.length === 1 || item.entries.every((entry) => entry.value.kind !== 'scalar');
    return named ? item.entries.map((entry) => elementOf(entry.key, entry.value, entry.start, file)) : [elementOf('', item, item.start, file)];
  });
}

function childrenOf(node: DataNode, file: string): Element[] {
  if (node.kind === 'list') return itemsOf(node, file);
  if (node.kind === 'scalar') return [];
  return node.entries.flatMap(({ key, value, start }) => {
    if (value.kind === 'scalar' && (value.value !== null || key !== 'rollback')) return [];
    return GROUPING.has(key) ? itemsOf(value, file) : [elementOf(key, value, start, file)];
  });
}

function elementOf(name: string, node: DataNode, start: number, file: string): Element {
  const scalars = new Map(node.kind === 'map' ? node.entries.flatMap(({ key, value }) => (value.kind === 'scalar' ? [[key, value] as const] : [])) : []);
  return {
    name,
    attributes: new Map([...scalars].flatMap(([key, { value }]) => (value === null ? [] : [[key, value] as const]))),
    children: childrenOf(node, file),
    start,
    end: Math.max(node.end, start + 1),
    text: () => (node.kind === 'scalar' ? scalarText(node, file) : joinTexts([])),
    located: (attribute) => {
      const scalar = scalars.get(attribute);
      return scalar === undefined ? joinTexts([]) : scalarText(scalar, file);
    },
  };
}

/** Whether a text can be a changelog at all. */
export function isChangelogText(text: string): boolean {
  return text.slice(0, 20_000).includes('databaseChangeLog');
}

/** A changelog's entries; null for a file that is none. */
export function readElements(path: string, file: string): readonly Element[] | ElementFailure | null {
  if (!isChangelogText(file)) return null;
  if (/\.xml$/i.test(path)) {
    const root = readXml(file);
    if ('message' in root) return root;
    return root.name === 'databaseChangeLog' ? fromXml(root, file).children : null;
  }
  const tree = readDataTree(file);
  if ('message' in tree) return tree;
  const entries = tree.kind === 'map' ? tree.entries.find(({ key }) => key === 'databaseChangeLog') : undefined;
  return entries === undefined ? null : itemsOf(entries.value, file);
}

/** The first child of a name. */
export function childOf(element: Element, name: string): Element | null {
  return element.children.find((child) => child.name === name) ?? null;
}

/** The text of an element, else of the first of some attributes that has one. */
export function bodyOf(element: Element, attributes: readonly string[]): LocatedText {
  const own = element.text();
  if (own.text.trim() !== '') return own;
  const attribute = attributes.find((each) => element.attributes.has(each));
  return attribute === undefined ? own : element.located(attribute);
}
