import { describe, expect, it } from '@jest/globals';
import { collapseRepeats } from '../../src/core/collapse.js';
import type { Finding, Level } from '../../src/core/finding.js';
import type { Entry } from '../../src/core/verdict.js';

let made = 0;
function entry(line: number, more: Partial<Finding> = {}, level: Level = 'block'): Entry {
  made += 1;
  const span = { startLine: line, startColumn: 1, endLine: line, endColumn: 20 };
  const finding: Finding = { ruleId: 'migrations/index-not-concurrent', title: 't', path: 'db/2.sql', span, symbol: null, message: `Index ${String(line)} blocks writes.`, remedy: 'r', evidence: [], suggestion: null, source: 'rule', fingerprint: String(made).padStart(32, '0'), ...more };
  return { finding, level };
}

const said = (entries: readonly Entry[]) => collapseRepeats(entries).map(({ finding }) => finding.message);

describe('repeated advice', () => {
  it('of one rule in one migration is one finding that names every line', () => {
    expect(said([entry(1), entry(4), entry(9)])).toEqual(['Index 1 blocks writes. The same goes for lines 4 and 9.']);
    expect(said([entry(1), entry(4)])).toEqual(['Index 1 blocks writes. The same goes for line 4.']);
    expect(collapseRepeats([entry(1), entry(4)])[0]?.others?.map(({ span }) => span?.startLine)).toEqual([4]);
  });

  it('says how many more there are on the same line', () => {
    expect(said([entry(2), entry(2)])).toEqual(['Index 2 blocks writes. The same goes for 1 more on this line.']);
    expect(said([entry(2), entry(2), entry(2), entry(5)])).toEqual(['Index 2 blocks writes. The same goes for 2 more on this line and for line 5.']);
  });

  it('counts what would make the sentence too long', () => {
    expect(said(Array.from({ length: 40 }, (_, line) => entry(line + 1)))[0]).toMatch(/^Index 1 .* The same goes for lines 2, .*, 13 and 27 more\.$/);
  });

  it('is kept apart by rule, file and level', () => {
    const entries = [entry(1), entry(2, { ruleId: 'migrations/set-not-null' }), entry(3, { path: 'db/3.sql' }), entry(4, {}, 'warn')];
    expect(said(entries)).toHaveLength(4);
  });

  it('of a rule about code stays one finding per place', () => {
    expect(said([entry(1, { ruleId: 'concurrency/lost-update' }), entry(9, { ruleId: 'concurrency/lost-update' })])).toEqual(['Index 1 blocks writes.', 'Index 9 blocks writes.']);
  });

  it('stays the same finding when one of its lines is corrected or one is added', () => {
    const name = (lines: readonly number[]) => collapseRepeats(lines.map((line) => entry(line)))[0]?.finding.fingerprint;
    expect(name([4])).toBe(name([1, 4]));
    expect(name([4])).toBe(name([4, 9]));
  });

  it('never hides a finding that waits for a second person behind one that does not', () => {
    const waiting: Entry = { ...entry(4), unconfirmedWaiver: { reason: 'small', line: 3 } };
    expect(collapseRepeats([entry(1), waiting])).toHaveLength(2);
  });
});
