import type * as TreeSitter from 'web-tree-sitter';
import { lineIndex, type LineIndex } from './line-index.js';

/**
 * One node of a parsed file, as plain data: nothing of it lives in the parser's memory, which is freed before the tree is
 * handed out. Offsets are in UTF-16 units, `end` exclusive.
 */
export interface SyntaxNode {
  /** The grammar's name for it: `if_statement`; for an operator, the operator itself. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** The name under which its parent knows it, null for none. */
  readonly field: string | null;
  /** Named children and those with a field, in order; comments are left out. */
  readonly children: readonly SyntaxNode[];
}

export interface SyntaxTree {
  readonly root: SyntaxNode;
  readonly text: string;
  readonly lines: LineIndex;
}

/** A tree, or why there is none. `line` is 1-based. */
export type ParsedSource =
  | { readonly kind: 'tree'; readonly tree: SyntaxTree }
  | { readonly kind: 'syntax'; readonly line: number }
  | { readonly kind: 'too-large'; readonly detail: string };

/** A language whose grammar is loaded. */
export interface Grammar {
  readonly parse: (text: string) => ParsedSource;
}

/** Nodes deeper than this are what no person wrote: the readers of trees are recursive. */
const DEEPEST = 250;
const MOST_NODES = 600_000;

let library: Promise<typeof TreeSitter> | null = null;

async function loadLibrary(): Promise<typeof TreeSitter> {
  const loaded = await import('web-tree-sitter');
  await loaded.Parser.init();
  return loaded;
}

/** Loads a grammar that comes with `@vscode/tree-sitter-wasm`: `php`. Each once; a caller keeps what it gets. */
export async function loadGrammar(name: string): Promise<Grammar> {
  library ??= loadLibrary();
  const { Language, Parser } = await library;
  const language = await Language.load(decodeURIComponent(new URL(import.meta.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)).pathname));
  const parser = new Parser();
  parser.setLanguage(language);
  return { parse: (text) => parse(parser, text) };
}

function parse(parser: TreeSitter.Parser, text: string): ParsedSource {
  const tree = parser.parse(text);
  if (tree === null) return { kind: 'too-large', detail: 'the parser gave up' };
  try {
    if (tree.rootNode.hasError) return { kind: 'syntax', line: errorLine(tree.rootNode) };
    return copied(tree, text);
  } finally {
    tree.delete();
  }
}

function errorLine(root: TreeSitter.Node): number {
  let node = root;
  for (let depth = 0; depth < DEEPEST && !node.isError && !node.isMissing; depth += 1) {
    const wrong = node.children.find((one) => one.hasError || one.isError || one.isMissing);
    if (wrong === undefined) break;
    node = wrong;
  }
  return node.startPosition.row + 1;
}

interface Growing {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly field: string | null;
  readonly children: Growing[];
}

/** Walks the parser's tree once, without recursion. */
function copied(tree: TreeSitter.Tree, text: string): ParsedSource {
  const cursor = tree.walk();
  const root: Growing = { kind: cursor.nodeType, start: cursor.startIndex, end: cursor.endIndex, field: null, children: [] };
  const path: Growing[] = [root];
  let nodes = 1;
  try {
    let moved = cursor.gotoFirstChild();
    while (moved || path.length > 1) {
      if (!moved) {
        path.pop();
        cursor.gotoParent();
        moved = cursor.gotoNextSibling();
        continue;
      }
      const kept = keep(cursor);
      if (kept !== null) path.at(-1)?.children.push(kept);
      nodes += 1;
      if (path.length > DEEPEST) return { kind: 'too-large', detail: 'nested deeper than can be followed' };
      if (nodes > MOST_NODES) return { kind: 'too-large', detail: `more than ${MOST_NODES} nodes` };
      if (kept !== null && cursor.gotoFirstChild()) path.push(kept);
      else moved = cursor.gotoNextSibling();
    }
  } finally {
    cursor.delete();
  }
  return { kind: 'tree', tree: { root, text, lines: lineIndex(text) } };
}

function keep(cursor: TreeSitter.TreeCursor): Growing | null {
  const field = cursor.currentFieldName;
  if (!cursor.nodeIsNamed && field === null) return null;
  const kind = cursor.nodeType;
  return kind === 'comment' ? null : { kind, start: cursor.startIndex, end: cursor.endIndex, field, children: [] };
}

/** The child of that name, undefined where there is none. */
export function childOf(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  return node?.children.find((one) => one.field === field);
}

/** The first child of one of those kinds. */
export function childOfKind(node: SyntaxNode | undefined, ...kinds: readonly string[]): SyntaxNode | undefined {
  return node?.children.find((one) => kinds.includes(one.kind));
}

/** A node and all in it, outermost first; what is in a node that `into` refuses is left out. */
export function* walkSyntax(node: SyntaxNode, into: (node: SyntaxNode) => boolean = () => true): Generator<SyntaxNode> {
  yield node;
  if (!into(node)) return;
  for (const child of node.children) yield* walkSyntax(child, into);
}
