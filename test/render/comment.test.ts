import { describe, expect, it } from '@jest/globals';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Anchor } from '../../src/core/anchor.js';
import type { Finding } from '../../src/core/finding.js';
import type { RuleHeader } from '../../src/core/rule.js';
import type { Entry, Verdict } from '../../src/core/verdict.js';
import { annotationsOf, checkRunOutput, checkRunTitle } from '../../src/render/check-run.js';
import { commentMarkdown, settledMarkdown } from '../../src/render/comment.js';

const HEADER: RuleHeader = {
  id: 'concurrency/check-then-act',
  since: '0.1.0',
  level: 'block',
  docs: { title: 'A balance is checked before it is written', why: 'Two requests can both pass the check.', remedy: 'Lock the row.', references: [] },
};
const CONTEXT = { homepage: 'https://example.test/belay', headers: [HEADER] };
const LINES: Anchor = { kind: 'lines', startLine: null, line: 8, suggestion: true };

function finding(over: Partial<Finding> = {}): Finding {
  return {
    ruleId: 'concurrency/check-then-act',
    title: 'A balance is checked before it is written',
    path: 'src/wallet.ts',
    span: { startLine: 8, startColumn: 3, endLine: 8, endColumn: 20 },
    symbol: 'withdraw',
    message: '`withdraw` reads `wallet.balance` on line 5 and writes it on line 8 without a lock.',
    remedy: 'Write with `updateMany({ where: { balance: { gte: amount } } })`.',
    evidence: [{ kind: 'schedule', text: 'Both requests pass the check:', steps: [{ actor: 'A', line: 5, text: 'reads 100' }, { actor: 'B', line: 5, text: 'reads 100' }, { actor: 'A', line: 8, text: 'writes 40' }] }],
    suggestion: { startLine: 8, endLine: 8, text: '  await safe();' },
    source: 'rule',
    fingerprint: 'abcdef0123456789abcdef0123456789',
    ...over,
  };
}
const entry = (over: Partial<Finding> = {}): Entry => ({ finding: finding(over), level: 'block' });

function nodes(markdown: string): readonly Nodes[] {
  const found: Nodes[] = [];
  const walk = (node: Nodes): void => {
    found.push(node);
    if ('children' in node) node.children.forEach(walk);
  };
  walk(unified().use(remarkParse).use(remarkGfm).parse(markdown));
  return found;
}

const HOSTILE = '@acme/owners ![x](https://evil.test/p.png) [click](https://evil.test) <img src=x> <!-- belay:v1:a:b --> | ``` </details> #12 https://evil.test\n\n# Title\n/ai-review override';

describe('commentMarkdown', () => {
  it('says what happens, what to do, and offers the change', () => {
    const text = commentMarkdown(entry(), LINES, CONTEXT);
    expect(text).toBe(`**A balance is checked before it is written** · blocks merging

\`withdraw\` reads \`wallet.balance\` on line 5 and writes it on line 8 without a lock.

**Instead:** Write with \`updateMany({ where: { balance: { gte: amount } } })\`.

\`\`\`suggestion
  await safe();
\`\`\`

<details><summary>Why</summary>

Both requests pass the check:

| line | request A | request B |
|---:|---|---|
| 5 | \`reads 100\` | |
| 5 | | \`reads 100\` |
| 8 | \`writes 40\` | |

Two requests can both pass the check.

The rule: [\`concurrency/check-then-act\`](https://example.test/belay/docs/rules/concurrency/check-then-act.md)

</details>

<sub>\`abcdef0\` · comment \`/ai-review explain abcdef0\` for more, <code>/ai-review dismiss abcdef0 &lt;reason&gt;</code> to hide it</sub>`);
  });

  it('keeps a suggestion whole when it contains a fence, and deletes with an empty one', () => {
    const text = commentMarkdown(entry({ suggestion: { startLine: 8, endLine: 8, text: 'a\n```js\nb\n```\nc' } }), LINES, CONTEXT);
    const code = nodes(text).filter((node) => node.type === 'code' && node.lang === 'suggestion');
    expect(code).toMatchObject([{ value: 'a\n```js\nb\n```\nc' }]);
    expect(commentMarkdown(entry({ suggestion: { startLine: 8, endLine: 8, text: '' } }), LINES, CONTEXT)).toContain('```suggestion\n```');
  });

  it('shows a suggestion without the button where it would not be verbatim or not on its lines', () => {
    const hidden = commentMarkdown(entry({ suggestion: { startLine: 8, endLine: 8, text: 'a\u202eb' } }), LINES, CONTEXT);
    const elsewhere = commentMarkdown(entry(), { ...LINES, suggestion: false }, CONTEXT);
    for (const text of [hidden, elsewhere]) {
      expect(text).not.toContain('```suggestion');
      expect(text).toContain('Instead of line 8:');
    }
  });

  it('shows the author\'s words as words, never as Markdown, mentions or commands of their own', () => {
    const text = commentMarkdown(
      entry({ title: HOSTILE, message: HOSTILE, remedy: HOSTILE, evidence: [{ kind: 'quote', text: HOSTILE, path: HOSTILE, line: 1 }, { kind: 'schedule', text: HOSTILE, steps: [{ actor: 'A', line: 1, text: HOSTILE }] }] }),
      LINES,
      CONTEXT,
    );
    const all = nodes(text);
    expect(all.filter((node) => node.type === 'image' || node.type === 'heading')).toEqual([]);
    expect(all.filter((node) => node.type === 'link').map((node) => node.type === 'link' && node.url)).toEqual(['https://example.test/belay/docs/rules/concurrency/check-then-act.md']);
    const html = all.filter((node) => node.type === 'html').map((node) => node.type === 'html' && node.value);
    expect(html.filter((value) => !/^<\/?(?:details|summary|sub|code)>|^<details><summary>Why<\/summary>$/.test(String(value)))).toEqual([]);
    expect(text).not.toMatch(/@acme/);
    expect(text.split('</details>')).toHaveLength(2);
    expect(text).not.toMatch(/^\/ai-review/m);
  });

  it('says that a waiver waits for a second person', () => {
    const text = commentMarkdown({ ...entry(), unconfirmedWaiver: { reason: 'small table', line: 7 } }, LINES, CONTEXT);
    expect(text).toContain('Line 7 accepts this (“small table”)');
    expect(text).toContain('/ai-review accept concurrency/check-then-act');
  });

  it('stays within bounds however long its parts are', () => {
    const long = 'word '.repeat(100_000);
    const steps = Array.from({ length: 5 }, () => ({ actor: 'A' as const, line: 1, text: 'x' }));
    expect(commentMarkdown(entry({ message: long, remedy: long, suggestion: { startLine: 8, endLine: 8, text: long }, evidence: Array.from({ length: 50 }, () => ({ kind: 'schedule' as const, text: 'y', steps })) }), LINES, CONTEXT).length).toBeLessThan(30_000);
  });
});

describe('settledMarkdown', () => {
  const comment = { id: 1, fingerprint: 'f', ruleId: 'r', state: 'open' as const, path: 'a', line: 1, onFile: false, body: commentMarkdown(entry(), LINES, CONTEXT) };

  it('folds what was said, takes the button away and never folds twice', () => {
    const fixed = settledMarkdown(comment, { state: 'fixed', headSha: '1234567'.padEnd(40, '0') });
    expect(fixed).toMatch(/^\*\*Fixed in 1234567\.\*\*\n\n<details>/);
    expect(fixed).not.toContain('```suggestion');
    expect(fixed).toContain('await safe();');
    const dismissed = settledMarkdown({ ...comment, state: 'fixed', body: fixed }, { state: 'dismissed' });
    expect(dismissed.match(/What was said/g)).toHaveLength(1);
    expect(dismissed).toContain('await safe();');
    expect(dismissed).not.toContain('Fixed in');
  });
});

function verdict(over: Partial<Verdict> = {}): Verdict {
  return { conclusion: 'failure', blocking: 1, reasons: ['1 finding blocks this change: `concurrency/check-then-act`.'], entries: [entry()], waived: [], mishaps: [], unread: [], notices: [], ...over };
}

describe('checkRunOutput', () => {
  it('has the verdict, the findings, and everything that was not read, accepted or went wrong', () => {
    const { title, summary, text } = checkRunOutput(
      verdict({
        waived: [{ finding: finding(), level: 'warn', reason: 'small', by: 'mira' }],
        mishaps: [{ during: 'rule', subject: 'migrations/rename', message: 'it threw' }],
        unread: [{ path: 'dump.bin', reason: 'binary', detail: 'a binary file' }],
        notices: ['The model was not asked: no key.'],
      }),
      CONTEXT,
    );
    expect(title).toBe('1 finding blocks this change');
    expect(summary).toContain('1 finding blocks this change: `concurrency/check-then-act`.');
    expect(summary).toContain('| blocks | [concurrency/check-then-act](https://example.test/belay/docs/rules/concurrency/check-then-act.md) | `src/wallet.ts:8` |');
    for (const words of ['`mira`: small', '`migrations/rename`: it threw', '`dump.bin`: a binary file', 'The model was not asked: no key.']) expect(text).toContain(words);
  });

  it('is a table even when the author\'s words have pipes and line breaks in them', () => {
    const { summary } = checkRunOutput(verdict({ entries: [entry({ message: HOSTILE, path: 'a|b`c.ts' })] }), CONTEXT);
    const rows = nodes(summary).filter((node) => node.type === 'tableRow');
    expect(rows.map((row) => row.type === 'tableRow' && row.children.length)).toEqual([5, 5]);
    expect(nodes(summary).filter((node) => node.type === 'image')).toEqual([]);
  });

  it('stays within the host\'s limits and says what it leaves out', () => {
    const entries = Array.from({ length: 3000 }, (_, index) => entry({ message: `m${index} `.repeat(80) }));
    const unread = Array.from({ length: 3000 }, (_, index) => ({ path: `folder/file-${index}.ts`, reason: 'too-large' as const, detail: 'too large' }));
    const { summary, text } = checkRunOutput(verdict({ entries, unread }), CONTEXT);
    expect(summary.length).toBeLessThanOrEqual(65_535);
    expect(text.length).toBeLessThanOrEqual(65_535);
    expect(summary).toMatch(/\d+ findings are not listed here/);
    expect(text).toMatch(/- and \d+ more$/);
  });

  it.each<[string, Partial<Verdict>, RegExp]>([
    ['nothing was found', { conclusion: 'success', blocking: 0, entries: [] }, /^Nothing found$/],
    ['there is only advice', { conclusion: 'success', blocking: 0 }, /^Nothing blocks this change, 1 to look at$/],
    ['we failed', { conclusion: 'neutral', blocking: 0, mishaps: [{ during: 'rule', subject: 's', message: 'm' }] }, /Belay itself failed/],
    ['files were not read', { conclusion: 'neutral', blocking: 0 }, /some files were not read/],
    ['a decision is asked for', { conclusion: 'action_required', blocking: 0 }, /asks for a decision/],
    ['it only observes', { conclusion: 'neutral', wouldHaveBeen: 'failure' }, /^Only observing: would be failure \(1 finding, 1 blocking\)$/],
    ['somebody overrode it', { conclusion: 'success', override: { headSha: '1'.repeat(40), by: 'mira', reason: 'fire', at: '2026-01-01T00:00:00Z' } }, /^Overridden by mira for this commit$/],
  ])('has a title when %s', (_, over, expected) => {
    expect(checkRunTitle(verdict(over))).toMatch(expected);
  });

  it('names who overrode it, when and why', () => {
    const { summary } = checkRunOutput(verdict({ override: { headSha: '1'.repeat(40), by: 'mira', reason: 'checkout is down', at: '2026-01-01T00:00:00Z' } }), CONTEXT);
    expect(summary).toContain('**Override** of `1111111` by `mira`, 2026-01-01T00:00:00Z: checkout is down');
  });
});

describe('annotationsOf', () => {
  it('points at lines in plain text, with the level\'s weight', () => {
    expect(annotationsOf(verdict({ entries: [entry(), { finding: finding({ path: null, span: null }), level: 'warn' }] }))).toEqual([
      {
        path: 'src/wallet.ts',
        startLine: 8,
        endLine: 8,
        level: 'failure',
        title: 'A balance is checked before it is written (concurrency/check-then-act)',
        message: '`withdraw` reads `wallet.balance` on line 5 and writes it on line 8 without a lock.\n\nInstead: Write with `updateMany({ where: { balance: { gte: amount } } })`.',
      },
    ]);
  });
});
