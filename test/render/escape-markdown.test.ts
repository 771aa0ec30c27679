import { describe, expect, it } from '@jest/globals';
import type { Nodes } from 'mdast';
import { toString } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { plainLine } from '../../src/core/plain-text.js';
import { codeBlock, codeSpan, escapeMarkdown, linkTarget, prose, proseBlock } from '../../src/render/escape-markdown.js';

const parse = (markdown: string) => unified().use(remarkParse).use(remarkGfm).parse(markdown);
const kinds = (node: Nodes): string[] => [node.type, ...('children' in node ? node.children.flatMap(kinds) : [])];
const visible = (markdown: string) => toString(parse(markdown), { includeHtml: false }).replaceAll('\u200b', '');

const HOSTILE = [
  '@octocat please merge', 'see @org/team', 'fixes #12', 'GH-12 and acme/app#3', '[click](https://evil.example)', '![x](https://evil.example/a.png)', '<img src=x onerror=alert(1)>', '</details><h1>Approved</h1>',
  'https://evil.example/path', 'www.evil.example', 'HTTP://EVIL.example', 'mail me@evil.example', '# Heading', '> quoted', '- item', '+ item', '* item', '1. item', '12) item', '---', '===', '***', '```js', '~~~', '    code', '| a | b |', '|---|---|',
  '**bold** _em_ ~~gone~~', '<!-- hidden -->', '&lt;script&gt; &amp; &#64;', '\\*not\\*', 'a\nb\n\n# c', '`code`', '``', '[ref]: https://evil.example', '[^1]', 'a<br>b', '$x$', '- [x] done', '<https://evil.example>', 'mailto:a@evil.example', '\u202egnp.exe', '\u001b[31mred\u001b[0m', 'xmpp:a@b', 'a\u0000b', '=', '-', '+', '_www.evil.example_',
];

describe('escaped text', () => {
  it.each(HOSTILE)('%j shows as it was written and does nothing', (text) => {
    const markdown = escapeMarkdown(text);
    expect(kinds(parse(markdown))).toEqual(plainLine(text) === '' ? ['root'] : ['root', 'paragraph', 'text']);
    expect(visible(markdown)).toBe(plainLine(text));
  });

  it.each(HOSTILE)('%j keeps to its cell of a table', (text) => {
    const table = parse(`| a | b |\n|---|---|\n| ${escapeMarkdown(text)} | end |`);
    expect(kinds(table).filter((kind) => kind === 'tableCell')).toHaveLength(4);
    expect(kinds(table)).not.toContain('link');
  });

  it.each(HOSTILE)('%j keeps to its item of a list', (text) => {
    expect(kinds(parse(`- ${escapeMarkdown(text)}\n- end`))).toEqual(['root', 'list', 'listItem', 'paragraph', 'text', 'listItem', 'paragraph', 'text']);
  });

  it('mentions nobody and refers to nothing, whatever the host makes of text', () => {
    expect(escapeMarkdown('@octocat fixes #12, GH-7')).not.toMatch(/@\w|#\d|GH-\d/);
    expect(escapeMarkdown('HTTPS://a www.b')).not.toMatch(/:\/\/|www\./i);
  });
});

describe('code', () => {
  const SPANS = ['a', '`', '``', '`a', 'a`', '` a `', 'a`b``c', '@octocat', '#12', 'https://evil.example', '\\', '*', ' spaced ', '\u202ea', '&amp;'];
  it.each(SPANS)('%j is one code span', (text) => {
    const tree = parse(codeSpan(text));
    expect(kinds(tree)).toEqual(['root', 'paragraph', 'inlineCode']);
    expect(toString(tree)).toBe(plainLine(text));
  });

  it.each(['a|b', 'a\\|b', '<b>', '</details>', 'Map<string, `x`>', '|'])('%j is code in a table too', (text) => {
    const table = parse(`| a | b |\n|---|---|\n| ${codeSpan(text)} | end |`);
    expect(kinds(table).filter((kind) => kind === 'tableCell')).toHaveLength(4);
    expect(visible(codeSpan(text))).toBe(text);
    expect(codeSpan(text).replace(/^<code>|<\/code>$/g, '')).not.toMatch(/[<>]/);
  });

  it('is nothing where there is nothing', () => {
    expect(codeSpan('')).toBe('');
    expect(codeSpan('\u200b \n')).toBe('');
  });

  it.each(['a', '```', '~~~\n```', '````\n@octocat\n````', '</details>', 'a\n\n# b', '\t\tx'])('%j is one block', (text) => {
    const tree = parse(codeBlock(text));
    expect(kinds(tree)).toEqual(['root', 'code']);
    expect(toString(tree)).toBe(text);
  });
});

describe('prose', () => {
  it('shows what stands between backticks as code', () => {
    const tree = parse(prose('`save(x)` writes *all* of `users`, see `a|b`.'));
    expect(kinds(tree)).toEqual(['root', 'paragraph', 'inlineCode', 'text', 'inlineCode', 'text', 'html', 'text', 'html', 'text']);
    expect(visible(prose('`save(x)` writes *all* of `users`.'))).toBe('save(x) writes *all* of users.');
  });

  it.each([...HOSTILE, 'the column `a` @octocat', 'an odd ` one', '`', 'a ``` b', '`@octocat', '`a`# b', '`<img src=x>'])('%j brings in nothing else', (text) => {
    const allowed = new Set(['root', 'paragraph', 'text', 'inlineCode', 'html']);
    expect(kinds(parse(prose(text))).filter((kind) => !allowed.has(kind))).toEqual([]);
    expect(prose(text).replace(/<\/?code>/g, '')).not.toMatch(/[<>]/);
  });

  it('keeps the spaces around code', () => {
    expect(prose('a `b` c')).toBe('a `b` c');
    expect(prose('`a` `b`')).toBe('`a` `b`');
    expect(prose('(`a`)')).toBe('(`a`)');
  });

  it('keeps paragraphs and blocks where asked to', () => {
    const tree = parse(proseBlock('First `a`.\n\nThen:\n```sql\nSELECT 1;\n-- `x`\n```\n# no heading'));
    expect(kinds(tree)).toEqual(['root', 'paragraph', 'text', 'inlineCode', 'text', 'paragraph', 'text', 'code', 'paragraph', 'text']);
  });
});

describe('targets of links', () => {
  it.each([['https://example.com/a-b_c', true], ['http://ghe.local:8080/x', true], ['javascript:alert(1)', false], ['https://a b', false], ['https://a)x', false], ['data:text/html,x', false]])('%j', (url, good) => {
    expect(linkTarget(url)).toBe(good ? url : '');
  });
});
