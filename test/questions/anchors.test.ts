import { describe, expect, it } from '@jest/globals';
import { createPlaces, findQuote, lineHash, renderShown, showable } from '../../src/questions/anchors.js';
import type { Place, ShownFile } from '../../src/questions/anchors.js';

const LINES = ['function pay() {', '  const sum = read();', '', '  if (sum > 0) {', '    send(sum);', '  }', '}'];
const FILE: ShownFile = {
  path: 'src/pay.ts',
  note: 'modified',
  runs: [LINES.map((text, index) => ({ line: index + 10, text, mark: index === 4 ? ('+' as const) : (' ' as const) })), [{ line: null, text: 'lock();', mark: '-' }, { line: 90, text: 'send(sum);', mark: '+' }]],
};
const findPlace = createPlaces([FILE]);
const anchor = (line: number): string => `${line}#${lineHash(LINES[line - 10] ?? 'send(sum);')}`;
const at = (line: number): Place => findPlace('src/pay.ts', anchor(line)) ?? fail(line);
function fail(line: number): never {
  throw new Error(`line ${line} was not found`);
}

describe('anchors', () => {
  it('are shown with each line of the head, and removed lines have none', () => {
    expect(renderShown(FILE).split('\n').slice(0, 3)).toEqual(['=== "src/pay.ts" (modified)', ` 10#${lineHash(LINES[0] ?? '')}: function pay() {`, ` 11#${lineHash(LINES[1] ?? '')}:   const sum = read();`]);
    expect(renderShown(FILE)).toContain('...\n-: lock();\n+90#');
  });

  it('lead back to the line, with or without what stood around them', () => {
    for (const form of [anchor(14), `+${anchor(14)}`, ` ${anchor(14)}: `]) expect(findPlace('src/pay.ts', form)?.line).toBe(14);
  });

  it.each(['14', '14#', '14#zzzz', '#0000', '15#' + lineHash(LINES[4] ?? ''), '999999999999#0000', '-1#0000', '1e1#0000', '', 'constructor'])('that are wrong (%s) lead nowhere', (wrong) => {
    expect(findPlace('src/pay.ts', wrong)).toBeNull();
  });

  it.each(['src/other.ts', '__proto__', ''])('of the path %j lead nowhere', (path) => {
    expect(findPlace(path, anchor(14))).toBeNull();
  });
});

describe('a quote', () => {
  it.each([
    ['the line', 14, '    send(sum);', 14, 14],
    ['a part of the line', 14, 'send(sum)', 14, 14],
    ['other white space', 14, '\tsend(sum);  ', 14, 14],
    ['lines with the anchor last', 14, '  if (sum > 0) {\n    send(sum);', 13, 14],
    ['lines with the anchor first', 11, 'const sum = read();\n\nif (sum > 0) {', 11, 13],
    ['lines without the blank one between', 13, '  const sum = read();\n  if (sum > 0) {', 11, 13],
    ['lines with their anchors', 14, `+${14}#abcd:     send(sum);\n 15#0123:   }`, 14, 15],
  ])('of %s is found', (_, line, quote, first, last) => {
    expect(findQuote(at(line), quote)).toMatchObject({ first, last });
  });

  it('may hold the line that was removed beside the anchored one', () => {
    expect(findQuote(at(90), '- lock();\nsend(sum);') ?? findQuote(at(90), 'lock();\nsend(sum);')).toMatchObject({ first: 90, last: 90 });
  });

  it.each([
    ['elsewhere in the file', 11, 'send(sum);'],
    ['nowhere', 14, 'send(sum, tax);'],
    ['of lines in another order', 14, 'send(sum);\nif (sum > 0) {'],
    ['with a gap that hides a line', 11, 'const sum = read();\nsend(sum);'],
    ['of punctuation alone', 15, '  }\n}'],
    ['of nothing', 14, ' \n '],
  ])('%s is not', (_, line, quote) => {
    expect(findQuote(at(line), quote)).toBeNull();
  });
});

describe('a shown line', () => {
  it('makes hidden characters visible and is never long', () => {
    expect(showable('if (admin\u202e) {\u0000\u200b')).toBe('if (admin\\u202e) {\\u0000\\u200b');
    expect(showable('x = 1;\r')).toBe('x = 1;');
    expect(showable('y'.repeat(1_000_000))).toHaveLength('… [999600 more characters]'.length + 401);
    expect(showable('😀'.repeat(300))).not.toMatch(/[\ud800-\udfff](?![\udc00-\udfff])(?<![\ud800-\udbff][\udc00-\udfff])/);
  });
});
