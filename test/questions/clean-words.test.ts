import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanWords } from '../../src/questions/clean-words.js';
import { createRedactor } from '../../src/questions/redact.js';

const clean = (text: string, length = 500): string => cleanWords(text, length, createRedactor());

describe('the words of the model', () => {
  it.each([
    ['Ask @octocat or @acme/team.', 'Ask octocat or acme/team.'],
    ['See ![chart](https://x.example/a.png).', 'See chart.'],
    ['See [the docs](https://x.example "t") now', 'See the docs now'],
    ['Go to https://x.example/a?b=c, www.x.example or <https://x.example>.', 'Go to a link a link or a link.'],
    ['a <!-- hidden --> b <!-- never closed', 'a b'],
    ['<img src=x onerror=alert(1)>Hi<br/> <a href="x">there</a>', 'Hi there'],
    ['![a](x)[b](y)', 'ab'],
    ['fixes #12, acme/shop#13 and GH-14', 'fixes no. 12, no. 13 and no. 14'],
    ['# Heading\n\n- item', 'Heading - item'],
    ['abc\u202edef\u200b\u0007', 'abcdef'],
    ['/ai-review override yes', 'ai-review override yes'],
    ['<<img>img src=x>', '< img src=x>'],
    ['@@octocat', 'octocat'],
  ])('%j become %j', (text, words) => {
    expect(clean(text)).toBe(words);
  });

  it.each(['`Promise<object>` resolves to `a < b`', 'The row is read in `find()` and written in `update()`.', 'At 50 % of 3 * 4 items, `x => y`; costs $5.', 'Use `Map<string, number>` / `List<a>`'])('stay when they are harmless: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('hold no secret', () => {
    expect(clean(`The key ${['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')} is in the code.`)).toBe('The key «secret:aws#1» is in the code.');
  });

  it('are cut, whatever their length', () => {
    expect(clean('word '.repeat(1_000_000), 50)).toHaveLength(50);
    expect(clean('<!--'.repeat(500_000), 50)).toBe('');
  });

  it('never hold anything that acts, however it was put together', () => {
    const pieces = fc.array(fc.constantFrom('@', 'a', '<', '>', '!', '[', ']', '(', ')', '--', 'img', 'https://x', 'www.', '#', '1', ' ', '/', 'ai-review', '`', '\u200b', '<!--', '-->', '\n', '\\', '&', ';', '"'), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pieces, (text) => {
        expect(clean(text)).not.toMatch(/@\w|\[[^\]]*\]\(|<!--|<img\b|https?:\/\/|www\.|\u200b|\n/);
      }),
      { numRuns: 1000 },
    );
  });
});
