import { describe, expect, it } from '@jest/globals';
import { findWaivers } from '../../src/core/find-waivers.js';
import { RULES } from './rules.js';

const IDS = RULES.map((rule) => rule.id);
const RULE = 'migrations/drop-column';

const find = (path: string, text: string, touched: Parameters<typeof findWaivers>[0]['touched'] = []) => findWaivers({ path, text, touched }, IDS);
/** Where each waiver stands and what it speaks of. */
const places = (path: string, text: string) => find(path, text).waivers.map(({ line, appliesTo, reason }) => [line, appliesTo, reason]);

describe('a waiver', () => {
  const CASES: readonly [path: string, text: string, line: number, appliesTo: number][] = [
    ['a.ts', `// belay-accept: ${RULE} -- nobody reads it\ncode();`, 1, 2],
    ['a.ts', `code(); // belay-accept: ${RULE} -- nobody reads it`, 1, 1],
    ['a.ts', `/* belay-accept: ${RULE} -- nobody reads it */\ncode();`, 1, 2],
    ['a.ts', `/* belay-accept: ${RULE} -- nobody reads it */ code();`, 1, 1],
    ['a.ts', `/**\n * Why.\n * belay-accept: ${RULE} -- nobody reads it\n */\ncode();`, 3, 5],
    ['a.ts', `/*\nbelay-accept: ${RULE} -- nobody reads it\n*/\ncode();`, 2, 4],
    ['a.tsx', `<div>\n  {/* belay-accept: ${RULE} -- nobody reads it */}\n  <Pay />\n</div>`, 2, 3],
    ['a.sql', `-- belay-accept: ${RULE} -- nobody reads it\nALTER TABLE a DROP COLUMN b;`, 1, 2],
    ['a.sql', `ALTER TABLE a DROP COLUMN b; -- belay-accept: ${RULE} -- nobody reads it`, 1, 1],
    ['a.sql', `SELECT 'it''s'; /* belay-accept: ${RULE} -- nobody reads it */`, 1, 1],
    ['a.py', `# belay-accept: ${RULE} -- nobody reads it\nop.drop_column()`, 1, 2],
    ['a.py', `def f():\n    """belay-accept: ${RULE} -- nobody reads it"""\n    op.drop_column()`, 2, 3],
    ['a.rb', `remove_column :a, :b # belay-accept: ${RULE} -- nobody reads it`, 1, 1],
    ['a.html', `<!-- belay-accept: ${RULE} -- nobody reads it -->\n<p>`, 1, 2],
    ['a.php', `# belay-accept: ${RULE} -- nobody reads it\n$a->drop();`, 1, 2],
    ['a.erl', `% belay-accept: ${RULE} -- nobody reads it\ncode.`, 1, 2],
    ['a.clj', `; belay-accept: ${RULE} -- nobody reads it\n(code)`, 1, 2],
    ['a.unknown', `;; belay-accept: ${RULE} -- nobody reads it\ncode`, 1, 2],
    ['a.unknown', `# belay-accept: ${RULE} -- nobody reads it\ncode`, 1, 2],
    ['Dockerfile', `# belay-accept: ${RULE} -- nobody reads it\nRUN x`, 1, 2],
    ['a.ts', `// belay-accept: drop-column -- nobody reads it\ncode();`, 1, 2],
    ['a.ts', `// belay-accept: ${RULE} — nobody reads it\ncode();`, 1, 2],
    ['a.ts', `// BELAY-ACCEPT:${RULE}--nobody reads it\ncode();`, 1, 2],
    ['a.ts', `//belay-accept: ${RULE} -- nobody reads it\r\ncode();\r\n`, 1, 2],
    ['a.ts', `\ufeff// belay-accept: ${RULE} -- nobody reads it\ncode();`, 1, 2],
    ['a.ts', `const url = "http://x"; // belay-accept: ${RULE} -- nobody reads it`, 1, 1],
    ['a.ts', "const a = /[`']/;\nconst b = 1;\n" + `// belay-accept: ${RULE} -- nobody reads it\ncode();`, 3, 4],
  ];
  it.each(CASES)('in %s is found: %j', (path, text, line, appliesTo) => {
    expect(places(path, text)).toEqual([[line, appliesTo, 'nobody reads it']]);
    expect(find(path, text).waivers[0]?.ruleId).toBe(RULE);
    expect(find(path, text).notices).toEqual([]);
  });

  it('may stand in a stack of comments', () => {
    const text = `// belay-accept: ${RULE} -- one reason\n// belay-accept: migrations/rename -- two reasons\n\n// And some words.\ncode();`;
    expect(places('a.ts', text)).toEqual([[1, 5, 'one reason'], [2, 5, 'two reasons']]);
  });

  it('at the end of a file speaks of itself', () => {
    expect(places('a.ts', `code();\n// belay-accept: ${RULE} -- too late`)).toEqual([[2, 2, 'too late']]);
  });

  it('knows whether this change brought it', () => {
    const text = `// belay-accept: ${RULE} -- old one\na();\n// belay-accept: ${RULE} -- new one\nb();`;
    expect(find('a.ts', text, [{ start: 2, end: 3 }]).waivers.map((waiver) => waiver.addedHere)).toEqual([false, true]);
  });
});

describe('no waiver', () => {
  const CASES: readonly [path: string, text: string, notice: RegExp | null][] = [
    ['a.ts', `const s = "// belay-accept: ${RULE} -- in a string";`, null],
    ['a.ts', 'const s = `\n' + `// belay-accept: ${RULE} -- in a template\n` + '`;', null],
    ['a.sql', `INSERT INTO a VALUES ('-- belay-accept: ${RULE} -- in a string');`, null],
    ['a.ts', `belay-accept: ${RULE} -- in code`, null],
    ['a.ts', `// see belay-accept in the manual`, null],
    ['a.ts', `// belay-accept: ${RULE}\ncode();`, /a\.ts:1: a waiver of `migrations\/drop-column` without a reason was not counted/],
    ['a.ts', `// belay-accept: ${RULE} --\ncode();`, /without a reason/],
    ['a.ts', `// belay-accept: ${RULE} -- \u200b\u200d\ncode();`, /without a reason/],
    ['a.ts', `/* belay-accept: ${RULE} -- */\ncode();`, /without a reason/],
    ['a.ts', `// belay-accept: ${RULE} -- <reason>\ncode();`, /without a reason/],
    ['a.ts', `// belay-accept: ${RULE} -- TODO\ncode();`, /without a reason/],
    ['a.ts', `// belay-accept: ${RULE} -- ...\ncode();`, /without a reason/],
    ['a.ts', `// belay-accept: migrations/drop-colum -- a reason\ncode();`, /`migrations\/drop-colum`, which is no rule.*did you mean `migrations\/drop-column`\?/],
    ['a.ts', `// belay-accept: everything -- a reason\ncode();`, /`everything`, which is no rule/],
    ['a.ts', `// belay-accept ${RULE} a reason\ncode();`, /not understood.*write `belay-accept: <rule> -- <reason>`/],
    ['a.ts', `// belay-accept: * -- all of it\ncode();`, /not understood/],
    ['a.ts', `// Please do not belay-accept: ${RULE} -- ever\ncode();`, /must begin its comment/],
    ['a.ts', `// \u202ebelay-accept: ${RULE} -- hidden from readers\ncode();`, /direction of text/],
    ['a.ts', `// belay-accept: ${RULE} -- safe \u2066// nothing\u2069\ncode();`, /direction of text/],
  ];
  it.each(CASES)('in %s: %j', (path, text, notice) => {
    const { waivers, notices } = find(path, text);
    expect(waivers).toEqual([]);
    expect(notices).toHaveLength(notice === null ? 0 : 1);
    if (notice) expect(notices[0]).toMatch(notice);
  });

  it('hidden characters neither make nor break one', () => {
    expect(places('a.ts', `// belay\u200b-accept: ${RULE}\u200b -- a \u200breason\ncode();`)).toEqual([[1, 2, 'a reason']]);
  });

  it('a flood of them is bounded', () => {
    expect(find('a.ts', `// belay-accept: ${RULE} -- again\n`.repeat(5000)).waivers).toHaveLength(200);
  });
});
