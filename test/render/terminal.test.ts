import { describe, expect, it } from '@jest/globals';
import type { Span } from '../../src/core/change-set.js';
import { displayWidth, fit, pad, wrap } from '../../src/render/display-width.js';
import { frameOf } from '../../src/render/frame.js';
import { renderTerminal } from '../../src/render/terminal.js';
import { finding, FULL, report } from './reports.js';

const span = (startLine: number, startColumn: number, endLine: number, endColumn: number): Span => ({ startLine, startColumn, endLine, endColumn });
const frame = (text: string, at: Span, cells = 60) => frameOf(text, at, cells).map((row) => `${row.number === null ? '-' : String(row.number)}|${row.text}`);

describe('the terminal', () => {
  it('shows a whole review', () => {
    expect(renderTerminal(FULL, { color: false })).toBe(`block A rename breaks the running code [migrations/rename]
   ┌─ db/002.sql:1:1
 1 │ ALTER TABLE users
   │ ^^^^^^^^^^^^^^^^^
 2 │   RENAME name TO full_name;
   │
   │ \`save(wallet)\` writes what was computed on line 3 from a value read on line 2.
   │ Seen on Postgres 16: \`ACCESS EXCLUSIVE\` on \`users\`.
   │ \`name\` is read here (src/user.ts:7)
   │ Instead: Write \`balance = balance - amount\` in one statement.
   │ + ALTER TABLE users
   │ +   ADD COLUMN full_name text;
   │ Waiver: "no reader left" waits for a second person: /ai-review accept migrations/rename
   │ <reason>
   └─ fffffff · https://example.com/belay/docs/rules/migrations/rename.md

warn Two requests can overwrite each other [concurrency/lost-update]
   ┌─ src/wallet.ts:4:9
 3 │   wallet.balance -= amount;
 4 │   await save(wallet);
   │         ^^^^^^^^^^^^
   │
   │ \`save(wallet)\` writes what was computed on line 3 from a value read on line 2.
   │ Both requests read 100 and both write.
   │ line  request A                      request B
   │    2  const wallet = await read(id)
   │    2                                 const wallet = await read(id)
   │    4  await save(wallet)
   │    4                                 await save(wallet)
   │ Instead: Write \`balance = balance - amount\` in one statement.
   └─ 0123456 · https://example.com/belay/docs/rules/concurrency/lost-update.md

note Two requests can overwrite each other [model/edge-case]
   ┌─ the pull request as a whole
   │
   │ \`save(wallet)\` writes what was computed on line 3 from a value read on line 2.
   │ "wallet.balance" (src/wallet.ts:3)
   │ Numbers are rounded (the manual)
   │ Instead: Write \`balance = balance - amount\` in one statement.
   └─ eeeeeee · https://example.com/belay/docs/rules/model/edge-case.md · from the model

Accepted
  - concurrency/lost-update at src/wallet.ts:4:9: one writer only (src/wallet.ts:3)
  - concurrency/lost-update at src/wallet.ts:4:9: agreed (mara)

Not read
  - logo.png: binary

Failed in Belay itself
  - rule concurrency/full-save: it threw

Good to know
  - \`database.target\` is not set: Postgres 14 was assumed.

Blocked: 1 finding blocks this change: \`migrations/rename\`.
  1 finding to look at besides.
`);
  });

  it('says one sentence when there is nothing to say', () => {
    expect(renderTerminal(report({}), { color: false })).toBe('Passed: Nothing blocks this change.\n');
  });

  it.each([['success', 'Passed:'], ['failure', 'Blocked:'], ['neutral', 'Neutral:'], ['action_required', 'Action required:']] as const)('names %s', (conclusion, word) => {
    expect(renderTerminal(report({ conclusion }), { color: false })).toContain(word);
  });

  it('has colours only when asked for, and the same words', () => {
    const colored = renderTerminal(FULL, { color: true });
    expect(colored).toContain('\u001b[31m');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(renderTerminal(FULL, { color: false }));
    expect(renderTerminal(FULL, { color: false })).not.toContain('\u001b');
  });

  it('keeps to its width', () => {
    for (const width of [40, 60, 100]) {
      const long = renderTerminal(FULL, { color: false, width }).split('\n').filter((line) => displayWidth(line) > width);
      // Places and addresses are never broken: they are there to be copied.
      expect(long.filter((line) => !/─|\[[a-z]+\//.test(line))).toEqual([]);
    }
  });

  it('prints nothing that controls the terminal, whoever wrote it', () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u202e\u0008\r\n\u009b31m';
    const spoiled = finding({
      title: `t${evil}`, path: `src/${evil}.ts`, message: `m${evil}`, remedy: `r${evil}`, suggestion: { startLine: 1, endLine: 1, text: `s${evil}` },
      evidence: [{ kind: 'quote', text: evil, path: evil, line: 1 }, { kind: 'schedule', text: evil, steps: [{ actor: 'A', line: 1, text: evil }] }, { kind: 'fact', text: evil, source: evil }],
    });
    const output = renderTerminal(
      report({
        entries: [{ finding: spoiled, level: 'warn', unconfirmedWaiver: { reason: evil, line: 1 } }], reasons: [evil], notices: [evil],
        waived: [{ finding: spoiled, level: 'warn', reason: evil, by: evil }], unread: [{ path: evil, reason: 'binary', detail: evil }], mishaps: [{ during: 'rule', subject: evil, message: evil }],
      }, { [`src/${evil}.ts`]: `a\u001b[2Jb${evil}\n\u001b[31mc\nd\n  const evil = "\u001b[31m";\n` }),
      { color: false },
    );
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
  });
});

describe('a code frame', () => {
  it('puts the marks under tabs and wide characters', () => {
    expect(frame('\tcall(x);', span(1, 2, 1, 9))).toEqual(['1|    call(x);', '-|    ^^^^^^^']);
    expect(frame('名前 = 値(1)', span(1, 6, 1, 7))).toEqual(['1|名前 = 値(1)', '-|       ^^']);
    expect(frame('e\u0301x', span(1, 3, 1, 4))).toEqual(['1|e\u0301x', '-| ^']);
    expect(frame('a\u200bb', span(1, 3, 1, 4))).toEqual(['1|ab', '-| ^']);
  });

  it('shows the line before, and cuts long spans', () => {
    expect(frame('a\nb\nc', span(2, 1, 2, 2))).toEqual(['1|a', '2|b', '-|^']);
    expect(frame('x\n'.repeat(20), span(2, 1, 12, 2))).toEqual(['1|x', '2|x', '-|^', '3|x', '4|x', '5|x', '6|x', '7|x', '-|…']);
  });

  it('marks at least one cell', () => {
    expect(frame('abc', span(1, 2, 1, 2))).toEqual(['1|abc', '-| ^']);
    expect(frame('abc', span(1, 90, 1, 95))).toEqual(['1|abc', '-|   ^']);
    expect(frame('', span(1, 1, 1, 1))).toEqual(['1|', '-|^']);
  });

  it('cuts long lines around the span', () => {
    const rows = frameOf(`${'x'.repeat(5000)}call()${'y'.repeat(5000)}`, span(1, 5001, 1, 5007), 40);
    expect(rows[0]?.text).toHaveLength(40);
    expect(rows[0]?.text).toContain('call()');
    expect(rows[1]?.text.indexOf('^')).toBe(rows[0]?.text.indexOf('call()'));
    expect(rows[1]?.text.trim()).toBe('^^^^^^');
  });

  it('is empty where the text has no such line', () => {
    expect(frameOf('a\nb', span(5, 1, 5, 2), 40)).toEqual([]);
  });

  it('reads line ends of Windows', () => {
    expect(frame('a\r\nbc\r\n', span(2, 1, 2, 3))).toEqual(['1|a', '2|bc', '-|^^']);
  });
});

describe('widths', () => {
  it('count cells', () => {
    expect(['abc', '名前', 'e\u0301', '🚑', 'ﾊﾝ'].map(displayWidth)).toEqual([3, 4, 1, 2, 2]);
    expect([fit('名前です', 5), fit('abc', 3), pad('名', 4)]).toEqual(['名前…', 'abc', '名  ']);
    expect(wrap('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
  });
});
