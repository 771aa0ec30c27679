import { cut, plainLine, plainText } from '../core/plain-text.js';

const BREAK = '\u200b';

/**
 * Somebody else's words as one line of Markdown that shows exactly them: no emphasis, links, images, HTML, tables,
 * mentions, issue references or bare URLs come of it. Safe at the start of a line, in a table cell and inside HTML.
 */
export function escapeMarkdown(text: string): string {
  return plainLine(text)
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_{}[\]~$]/g, '\\$&')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@(?=\S)/g, `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/gh-(?=\d)/gi, `$&${BREAK}`)
    .replace(/:\/\//g, `:${BREAK}//`)
    .replace(/www(?=\.)|(?:mailto|xmpp)(?=:)/gi, `$&${BREAK}`)
    .replace(/\|/g, '&#124;')
    .replace(/^[-+#=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

/** Somebody else's words as inline code. Empty for an empty text. Safe in a table cell and inside HTML. */
export function codeSpan(text: string): string {
  const line = plainLine(text);
  if (line === '') return '';
  // A code span cannot hold a pipe inside a table, and a `<` would end an enclosing HTML block's trust in us.
  if (/[|<>]/.test(line)) return `<code>${escapeMarkdown(line)}</code>`;
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Somebody else's lines as a fenced block that they cannot end. `language` is ours. */
export function codeBlock(text: string, language = ''): string {
  const body = plainText(text).replace(/\n+$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** A rule's sentence, in which backticks mark code, as one line of Markdown. Everything else is escaped. */
export function prose(text: string): string {
  const parts = plainLine(text).split('`');
  const paired = parts.length % 2 === 1;
  return parts
    .map((part, index) => {
      const isCode = index % 2 === 1 && (paired || index < parts.length - 1);
      if (isCode) return codeSpan(part);
      const lead = index > 0 && !paired && index === parts.length - 1 ? '\\`' : '';
      return lead + spaced(part, index > 0);
    })
    .join('');
}

/** How much of a text with blocks is looked at. */
const MAX_BLOCK_TEXT = 20_000;

/** The same with its lines and paragraphs kept, and with ``` blocks as blocks. Cut after 20,000 characters. */
export function proseBlock(text: string): string {
  const parts = plainText(cut(text, MAX_BLOCK_TEXT)).split(/^```[a-z]*\n([\s\S]*?)\n?```$/m);
  return parts
    .map((part, index) => (index % 2 === 1 ? codeBlock(part) : paragraphs(part)))
    .filter((part) => part !== '')
    .join('\n\n');
}

/** An address of ours as the target of a link. Anything but http(s) becomes empty. */
export function linkTarget(url: string): string {
  return /^https?:\/\/[^\s<>()[\]\\]+$/.test(url) ? url : '';
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').map(prose).filter((line) => line !== '').join('\n'))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

/** Escapes a part of a line and keeps the spaces at its ends, which stand beside code. */
function spaced(part: string, inside: boolean): string {
  const escaped = escapeMarkdown(inside ? `x${part}` : part);
  const lead = inside ? escaped.slice(1) : escaped;
  return /\S\s+$/.test(part) || (inside && /^\s+$/.test(part)) ? `${lead} ` : lead;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}
