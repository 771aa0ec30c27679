import { describe, expect, it } from '@jest/globals';
import type { Sighting } from '../../src/core/finding.js';
import { toFindings } from '../../src/core/fingerprint.js';
import { header } from './rules.js';

const RULE = header('concurrency/lost-update', 'warn');
const PATH = 'src/wallet.ts';

function sighting(line: number, more: Partial<Sighting> = {}): Sighting {
  return { path: PATH, span: { startLine: line, startColumn: 1, endLine: line, endColumn: 2 }, symbol: 'withdraw', message: 'm', remedy: 'r', evidence: [], ...more };
}

const prints = (text: string, sightings: readonly Sighting[], path = PATH) => toFindings(RULE, sightings, new Map([[path, text]])).map((finding) => finding.fingerprint);
const one = (text: string, line: number, more: Partial<Sighting> = {}) => prints(text, [sighting(line, more)], more.path ?? PATH)[0];

describe('a fingerprint', () => {
  const original = one('await save(balance - amount);', 1);

  it('is 32 hex digits', () => {
    expect(original).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['moved down', '\n\n\nawait save(balance - amount);', 4],
    ['indented', '\tawait save(balance - amount);', 1],
    ['spaced', 'await  save( balance-amount ) ;', 1],
    ['commented', 'await save(balance - amount); // withdraws', 1],
    ['commented inside', 'await save(/* new */ balance - amount);', 1],
    ['with line ends of Windows', 'await save(balance - amount);\r\n', 1],
    ['with hidden characters', 'await sa\u200bve(balance - amount);', 1],
  ])('survives code being %s', (_name, text, line) => {
    expect(one(text, line)).toBe(original);
  });

  it('does not depend on words', () => {
    expect(one('await save(balance - amount);', 1, { message: 'better words', remedy: 'other' })).toBe(original);
  });

  it.each<[string, string, Partial<Sighting>]>([
    ['other code', 'await save(balance + amount);', {}],
    ['another symbol', 'await save(balance - amount);', { symbol: 'deposit' }],
    ['another path', 'await save(balance - amount);', { path: 'src/other.ts' }],
    ['a comment mark inside a string', 'await save("// balance - amount");', {}],
  ])('tells %s apart', (_name, text, more) => {
    expect(one(text, 1, more)).not.toBe(original);
  });

  it('tells another rule apart', () => {
    const other = toFindings(header('concurrency/check-then-act', 'warn'), [sighting(1)], new Map([[PATH, 'await save(balance - amount);']]));
    expect(other[0]?.fingerprint).not.toBe(original);
  });

  it('keeps what looks like a comment in a string', () => {
    expect(one('x = "a // b"', 1)).not.toBe(one('x = "a // c"', 1));
    expect(one("SELECT '--a'", 1, { path: 'a.sql' })).not.toBe(one("SELECT '--b'", 1, { path: 'a.sql' }));
    expect(one('SELECT 1 --a', 1, { path: 'a.sql' })).toBe(one('SELECT 1 --b', 1, { path: 'a.sql' }));
    expect(one('x = 1  # a', 1, { path: 'a.py' })).toBe(one('x = 1  # b', 1, { path: 'a.py' }));
  });

  it('is made of the given code where there is some', () => {
    expect(one('anything', 1, { code: 'balance' })).toBe(one('something else', 1, { code: 'balance' }));
  });
});

describe('equal sightings', () => {
  const text = 'save(a);\nsave(a);\nsave(a);';

  it('in one file are told apart by their order, however they come in', () => {
    const forward = prints(text, [sighting(1), sighting(2), sighting(3)]);
    const backward = prints(text, [sighting(3), sighting(2), sighting(1)]);
    expect(new Set(forward).size).toBe(3);
    expect([...backward].reverse()).toEqual(forward);
  });

  it('keep their names when all of them move', () => {
    expect(prints(`\n\n${text}`, [sighting(3), sighting(4), sighting(5)])).toEqual(prints(text, [sighting(1), sighting(2), sighting(3)]));
  });

  it('made twice are one finding', () => {
    expect(prints(text, [sighting(1), sighting(1)])).toHaveLength(1);
  });
});

describe('findings', () => {
  it('carry the words of the rule and the sighting', () => {
    const evidence = [{ kind: 'fact', text: 'f', source: 's' }] as const;
    expect(toFindings(RULE, [sighting(1, { evidence, suggestion: { startLine: 1, endLine: 1, text: 'x' } })], new Map())).toEqual([
      {
        ruleId: 'concurrency/lost-update',
        title: 'Title of concurrency/lost-update',
        path: PATH,
        span: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
        symbol: 'withdraw',
        message: 'm',
        remedy: 'r',
        evidence,
        suggestion: { startLine: 1, endLine: 1, text: 'x' },
        source: 'rule',
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  it('of the pull request as a whole have no path and a steady name', () => {
    const whole: Sighting = { path: null, span: null, symbol: null, message: 'No plan', remedy: 'r', evidence: [] };
    const [first] = toFindings(header('rollback/plan-missing', 'block'), [whole], new Map());
    const [second] = toFindings(header('rollback/plan-missing', 'block'), [{ ...whole, message: 'Other words' }], new Map([['a', 'b']]));
    expect(first?.fingerprint).toBe(second?.fingerprint);
    expect(first).toMatchObject({ path: null, span: null, suggestion: null });
  });

  it('of the model are marked as such', () => {
    expect(toFindings(header('model/edge-case', 'warn'), [sighting(1)], new Map())[0]?.source).toBe('model');
  });
});
