import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffTexts, hunkWith, linesOf, parsePatch, touchedBy, undoPatch } from '../../src/core/hunks.js';

/** A small deterministic generator, so that a failing case can be repeated. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomTexts(seed: number): { before: string; after: string } {
  const next = numbers(seed);
  const alphabet = next(2) === 0 ? 6 : 400;
  const before = Array.from({ length: next(60) }, () => `line ${next(alphabet)}${next(9) === 0 ? '\r' : ''}`);
  const after = [...before];
  for (let edits = next(8); edits > 0; edits -= 1) {
    after.splice(next(after.length + 1), next(4), ...Array.from({ length: next(4) }, () => `new ${next(alphabet)}`));
  }
  const end = (lines: string[]): string => (lines.length === 0 ? '' : lines.join('\n') + (next(3) === 0 ? '' : '\n'));
  return { before: end(before), after: end(after) };
}

function gitPatch(before: string, after: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'belay-hunks-'));
  try {
    writeFileSync(join(folder, 'a'), before);
    writeFileSync(join(folder, 'b'), after);
    execFileSync('git', ['diff', '--no-index', '--no-color', 'a', 'b'], { cwd: folder });
    return '';
  } catch (error) {
    const output = String((error as { stdout: Buffer }).stdout);
    return output.slice(output.indexOf('@@'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('diffTexts', () => {
  it('gives hunks that lead from the old text to the new one, whatever the edit', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const { before, after } = randomTexts(seed);
      const { hunks } = diffTexts(before, after);
      const old = linesOf(before);
      const rebuilt: string[] = [];
      let at = 0;
      for (const hunk of hunks) {
        const start = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
        rebuilt.push(...old.slice(at, start));
        expect(hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1).toBe(rebuilt.length);
        expect(hunk.lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1))).toEqual(old.slice(start, start + hunk.oldLines));
        rebuilt.push(...hunk.lines.filter((line) => !line.startsWith('-')).map((line) => line.slice(1)));
        at = start + hunk.oldLines;
      }
      expect([...rebuilt, ...old.slice(at)]).toEqual(linesOf(after));
    }
  });

  it('numbers and groups hunks as git does', () => {
    for (const seed of [3, 7, 11, 19, 23, 42, 77, 101]) {
      const next = numbers(seed);
      const before = Array.from({ length: 80 }, (_, index) => `line ${index}`);
      const after = [...before];
      for (let edit = 0; edit < 5; edit += 1) after.splice(next(after.length), 1 + next(2), `new ${edit}`);
      const texts = [before.join('\n') + '\n', after.join('\n')] as const;
      expect(diffTexts(...texts).hunks).toEqual(parsePatch(gitPatch(...texts))?.hunks);
    }
  });

  it('counts a lost line break at the end as a change of the last line', () => {
    expect(diffTexts('a\nb\n', 'a\nb').touched).toEqual([{ start: 2, end: 2 }]);
    expect(diffTexts('a\nb\n', 'a\nb\n')).toEqual({ hunks: [], touched: [] });
  });

  it('treats a missing file as empty', () => {
    expect(diffTexts(null, 'a\nb\n')).toEqual({ hunks: [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 2, lines: ['+a', '+b'] }], touched: [{ start: 1, end: 2 }] });
    expect(diffTexts('a\n', null)).toEqual({ hunks: [{ oldStart: 1, oldLines: 1, newStart: 0, newLines: 0, lines: ['-a'] }], touched: [] });
    expect(diffTexts(null, '')).toEqual({ hunks: [], touched: [] });
  });

  it('stays bounded and keeps its anchors when two huge texts differ everywhere', () => {
    const before = Array.from({ length: 120_000 }, (_, index) => (index % 100 === 0 ? `anchor ${index}` : `old ${index}`));
    const after = before.map((line) => line.replace('old', 'new'));
    const { touched } = diffTexts(before.join('\n'), after.join('\n'));
    expect(touched).toHaveLength(1200);
    expect(touched[1]).toEqual({ start: 102, end: 200 });
  });

  it('stays bounded when two huge texts share nothing', () => {
    const text = (word: string): string => Array.from({ length: 60_000 }, (_, index) => `${word} ${index % 7}`).join('\n');
    expect(diffTexts(text('a'), text('b')).touched).toEqual([{ start: 1, end: 60_000 }]);
  });
});

describe('patches', () => {
  it('undoes git\'s patches exactly, with carriage returns and open ends', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { before, after } = randomTexts(seed);
      const text = gitPatch(before, after);
      if (text === '') continue;
      const patch = parsePatch(text);
      expect(patch).not.toBeNull();
      if (patch !== null) expect(undoPatch(after, patch)).toBe(before);
    }
  });

  it('refuses a patch that does not fit the text', () => {
    const patch = parsePatch('@@ -1,2 +1,2 @@\n-a\n+b\n c\n');
    expect(patch).not.toBeNull();
    if (patch === null) return;
    expect(undoPatch('b\nc\n', patch)).toBe('a\nc\n');
    expect(undoPatch('x\nc\n', patch)).toBeNull();
    expect(undoPatch('b\nc', patch)).toBeNull();
  });

  it.each([['cut short', '@@ -1,2 +1,2 @@\n-a\n+b\n'], ['no header', '+a\n'], ['nothing', ''], ['foreign lines', '@@ -1 +1 @@\n-a\n*b\n']])('gives nothing for a patch that is %s', (_, patch) => {
    expect(parsePatch(patch)).toBeNull();
  });

  it('knows which lines may carry a comment', () => {
    const hunks = parsePatch('@@ -1,3 +1,4 @@\n a\n+b\n c\n d\n@@ -10,2 +11,1 @@\n x\n-y\n')?.hunks ?? [];
    expect(touchedBy(hunks)).toEqual([{ start: 2, end: 2 }]);
    expect(hunkWith(hunks, 1, 4)).toBe(hunks[0]);
    expect(hunkWith(hunks, 4, 11)).toBeNull();
    expect(hunkWith(hunks, 12, 12)).toBeNull();
  });
});
