import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../src/core/finding.js';
import { compare } from './compare.js';
import { parseFixture } from './fixture.js';

function found(ruleId: string, path: string | null, line: number | null, message: string): Finding {
  const span = line === null ? null : { startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
  return { ruleId, title: '', path, span, symbol: null, message, remedy: '', evidence: [], suggestion: null, source: 'rule', fingerprint: '' };
}

const SQL = 'ALTER TABLE users DROP COLUMN age; -- want `drops .users\\.age.`\nSELECT 1;\n';

describe('a fixture', () => {
  it('hides its expectations from the rules and keeps the lines', () => {
    const fixture = parseFixture('migrations/drop-column/bad.sql', SQL);
    expect(fixture.files).toEqual([
      { path: 'db/migrations/0002_drop_column.sql', before: null, after: 'ALTER TABLE users DROP COLUMN age;\nSELECT 1;\n', status: 'added' },
    ]);
    expect(fixture.wants).toEqual([
      { ruleId: 'migrations/drop-column', path: 'db/migrations/0002_drop_column.sql', line: 1, pattern: /drops .users\.age./, todo: false },
    ]);
  });

  it('may hold several files, a base and removals', () => {
    const fixture = parseFixture(
      'failures/foo/good.ts',
      '// file: base/src/a.ts\nold();\n// file: src/a.ts\nnew1();\n// file: base/src/b.ts\nsame();\n// file: base/src/c.ts\ngone();\n// removed: src/c.ts\n',
    );
    expect(fixture.files.map(({ path, status }) => `${status} ${path}`)).toEqual(['modified src/a.ts', 'unchanged src/b.ts', 'removed src/c.ts']);
  });

  it('is refused where an expectation is written wrongly', () => {
    expect(() => parseFixture('failures/foo/bad.ts', 'a();\nb(); // want "x"\n')).toThrow('failures/foo/bad.ts:2');
    expect(() => parseFixture('failures/foo/bad.ts', '// file: base/a.ts\nb(); // want `x`\n')).toThrow("base's version");
    expect(() => parseFixture('rollback/foo/bad.json', '{ "titel": "x" }')).toThrow('unknown key "titel"');
  });
});

describe('comparing', () => {
  const bad = parseFixture('migrations/drop-column/bad.sql', SQL);
  const path = 'db/migrations/0002_drop_column.sql';
  const right = found('migrations/drop-column', path, 1, 'drops `users.age`');

  it('accepts what was expected, and other rules in a bad fixture', () => {
    expect(compare(bad, [right, found('migrations/rename', path, 2, 'x')])).toBe('');
  });

  it('reports what is missing, on another line, in other words, or too much', () => {
    expect(compare(bad, [])).toContain('bad.sql:1');
    expect(compare(bad, [{ ...right, span: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 2 } }])).toMatch(/got nothing[^]*bad\.sql:2[^]*expected silence/);
    expect(compare(bad, [{ ...right, message: 'drops a column' }])).toContain('got migrations/drop-column: drops a column');
    expect(compare(bad, [right, found('migrations/drop-column', path, 2, 'too')])).toContain('expected silence');
  });

  it('lets no rule speak in a good fixture', () => {
    const good = parseFixture('migrations/drop-column/good.sql', 'SELECT 1;\n');
    expect(compare(good, [found('migrations/rename', path, 1, 'x')])).toContain('got migrations/rename: x');
    expect(compare(good, [found('rollback/plan-missing', null, null, 'no plan')])).toContain('the pull request as a whole');
  });

  it('fails a known gap once it works', () => {
    const gap = parseFixture('migrations/drop-column/bad.sql', SQL.replace('want', 'todo-want'));
    expect(compare(gap, [])).toBe('');
    expect(compare(gap, [right])).toContain('make it want');
  });

  it('reads pull requests from JSON', () => {
    const pull = parseFixture('rollback/plan-missing/bad.json', '{ "title": "Hotfix", "base": "production", "want": ["no plan"] }');
    expect(pull.pull).toMatchObject({ title: 'Hotfix', base: 'production', head: 'topic' });
    expect(compare(pull, [found('rollback/plan-missing', null, null, 'there is no plan')])).toBe('');
    expect(compare(pull, [])).toContain('expected rollback/plan-missing `no plan`');
  });
});
