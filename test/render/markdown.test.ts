import { describe, expect, it } from '@jest/globals';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { renderMarkdown } from '../../src/render/markdown.js';
import { finding, FULL, report } from './reports.js';

const parse = (markdown: string) => unified().use(remarkParse).use(remarkGfm).parse(markdown);
const nodes = (node: Nodes): Nodes[] => [node, ...('children' in node ? node.children.flatMap(nodes) : [])];

describe('the Markdown report', () => {
  const markdown = renderMarkdown(FULL);

  it('holds what the terminal shows', () => {
    for (const words of [
      '# Belay: blocked', '1 finding blocks this change: `migrations/rename`.', '## block: A rename breaks the running code', '`db/002.sql:1:1` · [`migrations/rename`](https://example.com/belay/docs/rules/migrations/rename.md) · `fffffff`',
      '4 |   await save(wallet);\n  |         ^^^^^^^^^^^^', '**Instead:** Write `balance = balance - amount` in one statement.', '| 2 | `const wallet = await read(id)` | |\n| 2 | | `const wallet = await read(id)` |',
      '## Accepted', 'one writer only', '## Not read\n\n- `logo.png`: binary', '## Failed in Belay itself\n\n- rule `concurrency/full-save`: it threw', '## Good to know\n\n- `database.target` is not set', 'waits for a second person: `/ai-review accept migrations/rename`', 'from the model',
    ]) expect(markdown).toContain(words);
  });

  it('links to the pages of the rules and nowhere else', () => {
    expect(nodes(parse(markdown)).flatMap((node) => (node.type === 'link' ? [node.url] : []))).toEqual([
      'https://example.com/belay/docs/rules/migrations/rename.md',
      'https://example.com/belay/docs/rules/concurrency/lost-update.md',
      'https://example.com/belay/docs/rules/model/edge-case.md',
    ]);
  });

  it('does nothing that the author wrote, anywhere', () => {
    const evil = '@octocat </details><img src=x> [click](https://evil.example) ![x](https://evil.example) https://evil.example | fixes #1 `code` ```\n# Approved\n- [x] done\n```';
    const spoiled = finding({
      title: evil, path: evil, message: evil, remedy: evil, symbol: evil, suggestion: { startLine: 1, endLine: 1, text: evil },
      evidence: [
        { kind: 'quote', text: evil, path: evil, line: 1 }, { kind: 'schedule', text: evil, steps: [{ actor: 'A', line: 1, text: evil }, { actor: 'B', line: null, text: evil }] }, { kind: 'fact', text: evil, source: evil },
        { kind: 'reader', text: evil, path: evil, line: 1 }, { kind: 'observation', text: evil, server: evil },
      ],
    });
    const output = renderMarkdown(
      report({
        entries: [{ finding: spoiled, level: 'warn', unconfirmedWaiver: { reason: evil, line: 1 } }], reasons: [evil], notices: [evil],
        waived: [{ finding: spoiled, level: 'warn', reason: evil, by: evil }], unread: [{ path: evil, reason: 'binary', detail: evil }], mishaps: [{ during: 'rule', subject: evil, message: evil }],
      }, { [evil]: `${evil}\n`.repeat(5) }),
    );
    const tree = nodes(parse(output));
    expect(tree.flatMap((node) => (node.type === 'link' ? [node.url] : []))).toEqual(['https://example.com/belay/docs/rules/concurrency/lost-update.md']);
    expect(tree.filter((node) => node.type === 'image' || node.type === 'definition' || node.type === 'footnoteReference')).toEqual([]);
    expect(tree.flatMap((node) => (node.type === 'html' ? [node.value] : [])).filter((value) => !/^<\/?code>$/.test(value))).toEqual([]);
    expect(tree.filter((node) => node.type === 'heading')).toHaveLength(6);
    const text = tree.flatMap((node) => (node.type === 'text' ? [node.value] : [])).join('\n');
    expect(text).not.toMatch(/@\w|#\d|:\/\//);
  });
});
