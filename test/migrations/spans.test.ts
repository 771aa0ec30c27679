import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadSql } from '../../src/languages/sql.js';
import { readSql } from '../../src/migrations/read-sql.js';
import { everyStatement, matrixStatements } from '../support/statements.js';
import { textAt } from '../support/text-at.js';

function selected(sql: string): string[] {
  return readSql(sql).steps.map((step) => textAt(sql, step.span));
}

describe('where a step stands', () => {
  beforeAll(loadSql);

  it('is its subcommand', () => {
    const sql = `-- é
ALTER TABLE "a, b"."t(" /* one, two */
  ADD COLUMN a numeric(10, 2) DEFAULT 1.5, -- the price, in euros
  ADD COLUMN IF NOT EXISTS "b,c" int[] DEFAULT ARRAY[1, 2],
\tALTER COLUMN d TYPE text USING CASE WHEN d IN (1, 2) THEN 'x, y' ELSE concat(d, ',') END, DROP COLUMN e,
  ADD CONSTRAINT f FOREIGN KEY (a, b)
    REFERENCES other (a, b)
      ON DELETE CASCADE,
  SET (fillfactor = 70, autovacuum_enabled = off)
;`;
    expect(selected(sql)).toEqual([
      'ADD COLUMN a numeric(10, 2) DEFAULT 1.5',
      'ADD COLUMN IF NOT EXISTS "b,c" int[] DEFAULT ARRAY[1, 2]',
      "ALTER COLUMN d TYPE text USING CASE WHEN d IN (1, 2) THEN 'x, y' ELSE concat(d, ',') END",
      'DROP COLUMN e',
      'ADD CONSTRAINT f FOREIGN KEY (a, b)\n    REFERENCES other (a, b)\n      ON DELETE CASCADE',
      'SET (fillfactor = 70, autovacuum_enabled = off)',
    ]);
    expect(new Set(readSql(sql).steps.map((step) => `${String(step.statementSpan.startLine)}-${String(step.statementSpan.endLine)}`))).toEqual(new Set(['2-9']));
  });

  it('is the statement where it has no other parts, without the comments before it and what is behind it', () => {
    expect(selected('/* a; b */ -- c\nDROP TABLE a; DROP TABLE b ;-- d\n\n\tDROP\tTABLE\n c /* e */ ;')).toEqual(['DROP TABLE a', 'DROP TABLE b', 'DROP\tTABLE\n c']);
    expect(readSql('DROP TABLE a; DROP TABLE b;\nDROP TABLE c; -- d\n  DROP TABLE e').steps.map((step) => step.wholeLines)).toEqual([false, false, false, true]);
  });

  it.each([
    ['a byte order mark', '\uFEFF'],
    ['letters of several bytes', '-- Größe 😀 é\n/* 日本 */ '],
    ['other line ends', '-- a\r\n\r\n'],
    ['tabs', '\t\t-- a\n\t'],
    ['other statements', "SELECT '😀;';SELECT $x$;$x$; "],
    ['nothing', ''],
  ])('is right behind %s, for every statement', (_, before) => {
    for (const sql of [...everyStatement().map((each) => each.sql), ...matrixStatements()]) {
      const file = `${before}${sql};`;
      const first = before.includes('SELECT') ? 2 : 0;
      for (const step of readSql(file).steps.slice(first)) {
        if (step.block !== undefined) continue;
        expect(textAt(file, step.statementSpan)).toBe(step.statement);
        expect(step.statement).toContain(textAt(file, step.span));
      }
    }
  });

  it('lies inside the file, whatever is in it', () => {
    const pieces = [...everyStatement().map((each) => each.sql), ...matrixStatements()];
    const mutated = fc
      .record({ statements: fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }), cut: fc.nat(400), length: fc.nat(30), put: fc.constantFrom('', "'", '"', '$$', '(', ')', ';', ',', '\n', '\r\n', '😀', '\0', '{{x}}', '--', '/*', 'DO $$ BEGIN ', ' END $$', 'EXECUTE ', "format('%I',", '\uFEFF') })
      .map(({ statements, cut, length, put }) => {
        const text = statements.join(';\n');
        const at = cut % (text.length + 1);
        return text.slice(0, at) + put + text.slice(at + length);
      });
    fc.assert(
      fc.property(mutated, (sql) => {
        const lines = sql.split('\n');
        for (const { span, statementSpan } of readSql(sql).steps) {
          for (const each of [span, statementSpan]) {
            expect(each.startLine).toBeGreaterThanOrEqual(1);
            expect(each.endLine).toBeLessThanOrEqual(lines.length);
            expect(each.startLine < each.endLine || (each.startLine === each.endLine && each.startColumn <= each.endColumn)).toBe(true);
            expect(each.endColumn).toBeLessThanOrEqual((lines[each.endLine - 1] ?? '').length + 1);
          }
        }
      }),
      { numRuns: 600 },
    );
  });
});
