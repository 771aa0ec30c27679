import type { Nodes, Parent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/**
 * One block of a Markdown text, in reading order, with its markup taken off; inline code keeps its backticks, links their
 * address behind their words, struck-out words are gone. `label` is what a line is introduced by: `**Label**`, `Label: …`;
 * `rest` is the line without it; `bold` tells the first kind of label; `first` is a paragraph's first line.
 */
export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly line: number }
  | { readonly kind: 'paragraph'; readonly text: string; readonly label: string | null; readonly rest: string; readonly bold: boolean; readonly first: boolean; readonly line: number }
  /** `checked` is null for an item that is no task; `level` counts the lists it is nested in, from 1. */
  | { readonly kind: 'item'; readonly text: string; readonly label: string | null; readonly rest: string; readonly checked: boolean | null; readonly level: number; readonly line: number }
  /** `header` holds the cells of the table's first row; null for that row itself. */
  | { readonly kind: 'row'; readonly cells: readonly string[]; readonly header: readonly string[] | null; readonly line: number }
  | { readonly kind: 'code'; readonly text: string; readonly line: number }
  /** A thematic break: what a label introduced ends here. */
  | { readonly kind: 'break'; readonly line: number };

/** Longest text that is parsed: the longest description GitHub stores. */
export const MARKDOWN_LIMIT = 65_536;
/** Nobody writes a longer description, and a parser takes its time over every line. */
const LINE_LIMIT = 2500;
const LINE_LENGTH = 2000;
/** Words of the longest `Label: …`, of a line that leads to a list, and of bold words that are a label without a sign. */
const LABEL_WORDS = 6;
const LEAD_WORDS = 12;
const BOLD_WORDS = 5;
/** Marks around bold words while a paragraph is cut into lines: private use, taken out of the source first. */
const BOLD = ['\ue000', '\ue001'] as const;

/**
 * Reads GitHub-flavoured Markdown. HTML comments and quoted lines are left out, `<details>` and `<summary>` count as
 * plain text, `<h1>` to `<h6>` as headings. Bounded: at most 65,536 characters, and deeper nesting than a person writes is
 * flattened first.
 */
export function readMarkdown(source: string): readonly MarkdownBlock[] {
  const plain = source.slice(0, MARKDOWN_LIMIT).replace(/\r\n?/g, '\n').replace(/[\ue000\ue001]/g, '');
  const text = flatten(without(without(plain, '<!--', '-->'), '<blockquote>', '</blockquote>'));
  const tree = unified().use(remarkParse).use(remarkGfm).parse(text);
  const blocks: MarkdownBlock[] = [];
  collect(tree, blocks, 0);
  return blocks;
}

/** Takes out what stands between two marks; line numbers stay. */
function without(text: string, open: string, close: string): string {
  let result = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    if (start < 0) return result + text.slice(from);
    const end = text.indexOf(close, start + open.length);
    const inside = text.slice(start, end < 0 ? text.length : end + close.length);
    result += text.slice(from, start) + inside.replace(/[^\n]/g, '');
    if (end < 0) return result;
    from = end + close.length;
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
    .replace(/^[-*+] \[\](?= )/, '- [ ]')
    .replace(/([*_~[\]<`])\1{8,}/g, '$1')
    .replace(/<summary>\s*([^<]{1,200}?)\s*<\/summary>/gi, '\n\n**$1**\n\n')
    .replace(/<\/details>/gi, '\n\n***\n\n')
    .replace(/<h[1-6]\b[^<>]{0,100}>\s*([^<]{1,200}?)\s*<\/h[1-6]>/gi, '\n\n#### $1\n\n')
    .replace(/<(b|strong)>([^<]{1,200})<\/\1>/gi, '**$2**')
    .replace(/<\/?(?:details|summary|br|p|div|b|i|em|strong|sub|sup|ul|ol|li|hr|center|span|font|table|tbody|thead|tr|td|th)\b[^<>]{0,100}>/gi, ' ');
  return ' '.repeat(Math.min(indent, 12)) + body;
}

function collect(node: Nodes, blocks: MarkdownBlock[], level: number): void {
  const line = node.position?.start.line ?? 1;
  switch (node.type) {
    case 'heading':
      blocks.push({ kind: 'heading', depth: node.depth, text: withoutMarks(wordsOf(node)).trim(), line });
      return;
    case 'paragraph':
      paragraph(node, blocks, null);
      return;
    case 'list':
      for (const child of node.children) collect(child, blocks, level + 1);
      return;
    case 'listItem':
      for (const child of node.children) {
        if (child.type === 'paragraph') paragraph(child, blocks, { checked: node.checked ?? null, level });
        else collect(child, blocks, level);
      }
      return;
    case 'code':
      blocks.push({ kind: 'code', text: node.value, line });
      return;
    case 'table':
      table(node, blocks);
      return;
    case 'html':
      if (node.value.trim() !== '') paragraphLines(withoutTags(node.value), line, blocks, null);
      return;
    case 'thematicBreak':
      blocks.push({ kind: 'break', line });
      return;
    case 'blockquote':
      return;
    default:
      if ('children' in node) for (const child of node.children) collect(child, blocks, level);
  }
}

function table(node: Extract<Nodes, { type: 'table' }>, blocks: MarkdownBlock[]): void {
  let header: readonly string[] | null = null;
  for (const row of node.children) {
    const cells = row.children.map((cell) => withoutMarks(wordsOf(cell)).trim());
    blocks.push({ kind: 'row', cells, header, line: row.position?.start.line ?? 1 });
    header ??= cells;
  }
}

/** The words of inline content. Struck-out words are nobody's statement. */
function wordsOf(node: Parent): string {
  return node.children.map((child) => inlineWords(child)).join('');
}

function inlineWords(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'inlineCode':
      return `\`${node.value}\``;
    case 'break':
      return '\n';
    case 'delete':
      return '';
    case 'html':
      return /^<br\b/i.test(node.value) ? '\n' : withoutTags(node.value);
    case 'strong':
      return BOLD[0] + wordsOf(node) + BOLD[1];
    case 'link': {
      const words = wordsOf(node);
      return node.url === '' || words.includes(node.url) ? words : `${words} (${node.url})`;
    }
    case 'image':
      return `${node.alt ?? ''} (${node.url})`;
    default:
      return 'children' in node ? wordsOf(node) : '';
  }
}

/** `<fill in before merge>` is no tag: it is what somebody left to be filled in. */
function withoutTags(html: string): string {
  return html.replace(/<\/?(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:\s+[a-z-]+(?:=(?:"[^"]*"|'[^']*'|[^\s>]*))?)*\s*\/?>/gi, (tag) => (PROSE_TAG.test(tag) ? tag : ' '));
}
const PROSE_TAG = /^<[a-z]+(?:\s+[a-z-]+)+>$/i;

function withoutMarks(text: string): string {
  return text.replace(/[\ue000\ue001]/g, '');
}

interface InItem {
  readonly checked: boolean | null;
  readonly level: number;
}

function paragraph(node: Extract<Nodes, { type: 'paragraph' }>, blocks: MarkdownBlock[], item: InItem | null): void {
  paragraphLines(wordsOf(node), node.position?.start.line ?? 1, blocks, item);
}

/** A paragraph line by line, each with its label. */
function paragraphLines(words: string, start: number, blocks: MarkdownBlock[], item: InItem | null): void {
  let first = true;
  for (const [index, raw] of definitions(words.split('\n')).entries()) {
    const marked = raw.trim();
    const text = withoutMarks(marked).trim();
    if (text === '') continue;
    const { label, rest, bold } = labelOf(marked);
    const line = start + index;
    blocks.push(item ? { kind: 'item', text, label, rest, checked: item.checked, level: item.level, line } : { kind: 'paragraph', text, label, rest, bold, first, line });
    first = false;
  }
}

/** `Rollback` with `: helm rollback api 41` on the next line: a definition, as some Markdown dialects write it. */
function definitions(lines: readonly string[]): string[] {
  const joined = [...lines];
  for (let index = 1; index < joined.length; index += 1) {
    const line = joined[index] ?? '';
    const term = (joined[index - 1] ?? '').trim();
    if (!/^\s{0,3}:\s+\S/.test(line) || term === '') continue;
    joined[index - 1] = '';
    joined[index] = `${BOLD[0]}${withoutMarks(term)}${BOLD[1]}${line.trim()}`;
  }
  return joined;
}

interface Labelled {
  readonly label: string | null;
  readonly rest: string;
  readonly bold: boolean;
}

/** `**Label**`, `**Label:** text`, `**Label** – text`, `**Label** text`, `Label: text` and `Label (aside):`. */
function labelOf(marked: string): Labelled {
  const strong = /^[^\p{L}\p{N}`\ue000]{0,8}\ue000([^\ue001]{1,120})\ue001\s*((?:\([^()]{0,120}\)\s*)?[:：—–-]?)\s*(.*)$/u.exec(marked);
  if (strong) {
    const [, words = '', sign = '', rest = ''] = strong;
    const label = words.trim();
    const short = label.split(/\s+/).length <= BOLD_WORDS && !/^(?:is|are|was|were|has|have|does|do|will|would|can|should|button|now|no longer|and|or|in)\b/i.test(rest);
    if (rest === '' || sign !== '' || short || /[:：?？]$/.test(label)) return { label: label.replace(/[:：]\s*$/, '').trim(), rest: withoutMarks(rest).trim(), bold: true };
  }
  const text = withoutMarks(marked);
  const plain = /^([^:：!`]{1,120}?)\s*(?::(?=\s|$|[\u3040-\u9fff\uac00-\ud7af])|：)\s*(.*)$/u.exec(text);
  if (!plain) return { label: null, rest: text, bold: false };
  const label = (plain[1] ?? '').replace(/\s*\([^()]*\)\s*/g, ' ').trim();
  const rest = (plain[2] ?? '').trim();
  // A sentence that happens to have a colon is no label; one that leads to a list may be longer.
  const words = label.split(/\s+/).length;
  if (label === '' || words > (rest === '' ? LEAD_WORDS : LABEL_WORDS) || (rest !== '' && (/;/.test(label) || (/,/.test(label) && words > 5)))) return { label: null, rest: text, bold: false };
  return { label, rest, bold: false };
}
