import { cut, plainLine } from '../core/plain-text.js';
import type { Redactor } from './redact.js';

const HTML_TAG = /<\/?(?:a|abbr|audio|b|base|blockquote|body|br|button|code|dd|del|details|div|dl|dt|em|embed|form|frame|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|li|link|math|meta|object|ol|option|p|picture|pre|script|select|source|span|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|tr|u|ul|video)\b[^<>]{0,2000}>?/gi;
/** A type's argument, as in `Promise<object>`: no attributes, right behind a name. */
const TYPE_ARGUMENT = /^<(?:object|[a-z])(?:, ?\w+)*>$/i;

/**
 * The model's words as one plain line that can do nothing when published: no mentions, images, links, HTML, references to
 * issues, hidden or direction-changing characters, no markup at its start; secrets are placeholders. Backticks stay.
 */
export function cleanWords(text: string, length: number, redactor: Redactor): string {
  // Cut first, with room to spare, so that hostile lengths cost nothing.
  const line = plainLine(text.slice(0, length * 4)).normalize('NFC');
  const bare = settle(redactor.redact(line), (words) =>
    words
      .replace(/<!--[^]*?(?:-->|$)/g, ' ')
      .replace(/!\[([^\]]{0,300})\](?:\([^)]{0,2000}\)?|\[[^\]]{0,300}\])?/g, '$1')
      .replace(/\[([^\]]{0,300})\]\([^)]{0,2000}\)?/g, '$1')
      .replace(/\[([^\]]{1,300})\]:\s*\S+/g, '$1')
      .replace(/<(?:[a-z][a-z0-9+.-]{1,30}:|[^\s<>@]{1,64}@)[^\s<>]{0,2000}>?/gi, 'a link')
      .replace(HTML_TAG, (tag, at: number, all: string) => (/\w/.test(all[at - 1] ?? ' ') && TYPE_ARGUMENT.test(tag) ? tag : ' '))
      .replace(/(?:[a-z0-9+.-]{1,31}:\/\/|www\.|\b(?:mailto:|javascript:|data:[a-z]))[^\s`]*/gi, 'a link')
      .replace(/(?<=^|[^\w`])\/(?=ai-review\b)/gi, '')
      .replace(/@(?=[\w`-])/g, '')
      .replace(/(^|[^\w])(?:[\w.-]{1,100}\/[\w.-]{1,100})?#(?=\d)/g, '$1no. ')
      .replace(/\bGH-(?=\d)/gi, 'no. '),
  );
  return cut(bare.replace(/\s+/g, ' ').replace(/^[\s#>*+=~|-]+/, '').trim(), length);
}

/** Removing one thing may put another together: repeats until nothing changes, a few times at most. */
function settle(text: string, once: (text: string) => string): string {
  let current = text;
  for (let round = 0; round < 5; round += 1) {
    const next = once(current);
    if (next === current) return next;
    current = next;
  }
  return current.replace(/[@<>[\]]/g, '');
}

/** Code the model quoted, for showing it in a block: hidden characters and secrets are gone, lines stay. */
export function cleanCode(text: string, redactor: Redactor): string {
  return cut(redactor.redact(text).split('\n').map((line) => line.trimEnd()).join('\n'), 1200);
}
