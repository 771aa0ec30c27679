import { toString } from 'mdast-util-to-string';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** One block of a Markdown text, in reading order, with its markup taken off. */
export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly line: number }
  | { readonly kind: 'paragraph'; readonly text: string; readonly label: string | null; readonly line: number }
  /** `checked` is null for an item that is no task. */
  | { readonly kind: 'item'; readonly text: string; readonly label: string | null; readonly checked: boolean | null; readonly line: number }
  | { readonly kind: 'row'; readonly cells: readonly string[]; readonly line: number }
  | { readonly kind: 'code'; readonly text: string; readonly line: number };

/** Longest text that is parsed: the longest description GitHub stores. */
export const MARKDOWN_LIMIT = 65_536;
/** Nobody writes a longer description, and a parser takes its time over every line. */
const LINE_LIMIT = 4000;
const LINE_LENGTH = 2000;

/**
 * Reads GitHub-flavoured Markdown. HTML comments and quoted lines are left out, `<details>` and `<summary>` count as
 * plain text. Bounded: at most 65,536 characters, and deeper nesting than a person writes is flattened first.
 */
export function readMarkdown(source: string): readonly MarkdownBlock[] {
  const text = flatten(withoutComments(source.slice(0, MARKDOWN_LIMIT).replace(/\r\n?/g, '\n')));
  const tree = unified().use(remarkParse).use(remarkGfm).parse(text);
  const blocks: MarkdownBlock[] = [];
  collect(tree, blocks);
  return blocks;
}

function withoutComments(text: string): string {
  let result = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('<!--', from);
    if (start < 0) return result + text.slice(from);
    const end = text.indexOf('-->', start + 4);
    const comment = text.slice(start, end < 0 ? text.length : end + 3);
    result += text.slice(from, start) + comment.replace(/[^\n]/g, '');
    if (end < 0) return result;
    from = end + 3;
  }
}

/** Takes off quotes (nobody's own words) and nesting nobody means, which costs a parser dearly when it goes a thousand deep. */
function flatten(text: string): string {
  let fenced = false;
  const lines = text.split('\n').slice(0, LINE_LIMIT);
  return lines
    .map((line) => {
      if (/^\s{0,3}(?:```|~~~)/.test(line)) fenced = !fenced;
      return fenced ? line.slice(0, LINE_LENGTH) : flattenLine(line);
    })
    .join('\n');
}

function flattenLine(line: string): string {
  if (/^\s{0,3}>/.test(line)) return '';
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  const body = line
    .slice(indent, indent + LINE_LENGTH)
    .replace(/^(?:(?:[-*+]|\d{1,9}[.)]) +){4,}/, '- ')
    .replace(/([*_~[\]<`])\1{8,}/g, '$1')
    .replace(/<summary>\s*([^<]{1,200}?)\s*<\/summary>/gi, '\n\n**$1**\n\n')
    .replace(/<\/?(?:details|summary|br|p|div|b|strong|sub|sup)\b[^<>]{0,100}>/gi, ' ');
  return ' '.repeat(Math.min(indent, 12)) + body;
}

function collect(node: Nodes, blocks: MarkdownBlock[]): void {
  const line = node.position?.start.line ?? 1;
  switch (node.type) {
    case 'heading':
      blocks.push({ kind: 'heading', depth: node.depth, text: toString(node).trim(), line });
      return;
    case 'paragraph':
      paragraph(node, blocks, null, false);
      return;
    case 'listItem':
      for (const child of node.children) {
        if (child.type === 'paragraph') paragraph(child, blocks, node.checked ?? null, true);
        else collect(child, blocks);
      }
      return;
    case 'code':
      blocks.push({ kind: 'code', text: node.value, line });
      return;
    case 'table':
      for (const row of node.children) blocks.push({ kind: 'row', cells: row.children.map((cell) => toString(cell).trim()), line: row.position?.start.line ?? line });
      return;
    case 'html':
      if (node.value.trim() !== '') blocks.push({ kind: 'paragraph', text: node.value.replace(/<[^<>]*>/g, ' ').trim(), label: null, line });
      return;
    case 'blockquote':
      return;
    default:
      if ('children' in node) for (const child of node.children) collect(child, blocks);
  }
}

/** A paragraph line by line: `**Label**`, `**Label:** text` and `Label: text` give their label. */
function paragraph(node: Extract<Nodes, { type: 'paragraph' }>, blocks: MarkdownBlock[], checked: boolean | null, item: boolean): void {
  const first = node.children[0];
  const bold = first?.type === 'strong' ? toString(first) : null;
  const start = node.position?.start.line ?? 1;
  for (const [index, raw] of toString(node).split('\n').entries()) {
    const text = raw.trim();
    if (text === '') continue;
    const label = index === 0 && bold !== null && text.startsWith(bold) ? bold : (/^([^:.!?`]{2,60}?)\s*[:：]\s/.exec(`${text} `)?.[1] ?? null);
    const line = start + index;
    const trimmed = label === null ? null : label.replace(/[:：]\s*$/, '').trim();
    blocks.push(item ? { kind: 'item', text, label: trimmed, checked, line } : { kind: 'paragraph', text, label: trimmed, line });
  }
}
