import { describe, expect, it } from '@jest/globals';
import { nearest } from '../../src/core/nearest.js';
import { cut, plainLine, plainText } from '../../src/core/plain-text.js';

describe('plain text', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['colours in one byte', '\u009b31mred', 'red'],
    ['titles of windows', '\u001b]0;owned\u0007text', 'text'],
    ['links of terminals', '\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['an unfinished sequence', 'a\u001b[', 'a'],
    ['bells and backspaces', 'a\u0007\u0008b\u0000', 'ab'],
    ['direction of text', 'a\u202eb\u2066c\u2069', 'abc'],
    ['zero width', 'a\u200b\u200c\u200d\u2060\ufeffb', 'ab'],
    ['hidden tags', 'a\u{e0041}\u{e0042}b\u{e0100}', 'ab'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
    ['whole characters', 'naïve 名前 🚑', 'naïve 名前 🚑'],
    ['line ends', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['tabs', 'a\tb', 'a\tb'],
  ])('%s', (_name, text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  it('on one line', () => {
    expect(plainLine('  a\n\n b\tc  ')).toBe('a b c');
  });

  it('is cut between characters', () => {
    expect([cut('abcd', 4), cut('abcde', 4), cut('a🚑bc', 3)]).toEqual(['abcd', 'abc…', 'a…']);
  });
});

describe('the nearest word', () => {
  const KNOWN = ['exclude', 'on-outage', 'migrations/set-not-null', 'migrations/drop-column', 'mode'];
  it.each([
    ['exlude', 'exclude'],
    ['excldue', 'exclude'],
    ['onOutage', 'on-outage'],
    ['on_outage', 'on-outage'],
    ['outage', 'on-outage'],
    ['set-not-null', 'migrations/set-not-null'],
    ['migration/drop-column', 'migrations/drop-column'],
    ['modes', 'mode'],
    ['x', null],
    ['something-else', null],
    ['', null],
  ])('to %j is %j', (word, expected) => {
    expect(nearest(word, KNOWN)).toBe(expected);
  });

  it('is found in bounded time for a very long word', () => {
    expect(nearest('a'.repeat(1_000_000), KNOWN)).toBeNull();
  });
});
