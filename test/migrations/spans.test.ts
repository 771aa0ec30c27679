import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadSql } from '../../src/languages/sql.js';
import { readSql } from '../../src/migrations/read-sql.js';
import { everyStatement, matrixStatements } from '../support/statements.js';
import { textAt } from '../support/text-at.js';

/** A block with something of everything that PL/pgSQL has. */
const BLOCK = `DO $$ DECLARE t text; r record; n int; names text[] := ARRAY['a', 'b c']; made text := 'DROP TABLE ';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'x') THEN CREATE TYPE x AS ENUM ('a'); ELSIF n > 3 THEN DROP TABLE q; ELSE NULL; END IF;
  FOREACH t IN ARRAY names LOOP EXECUTE format('ALTER TABLE %I.%2$I ADD COLUMN a int DEFAULT %3$L', 'public', t, n); EXIT WHEN n > 3; CONTINUE; END LOOP;
  FOR r IN SELECT * FROM (VALUES ('a', 1), ('b', 2)) AS v(x, y) LOOP EXECUTE made || quote_ident(r.x) || ' CASCADE' INTO n USING r.y; END LOOP;
  FOR i IN REVERSE 3..1 BY 1 LOOP made := made || i; END LOOP; WHILE n < 3 LOOP n := n + 1; COMMIT; END LOOP;
  CASE n WHEN 1 THEN PERFORM f(n); WHEN 2, 3 THEN RAISE NOTICE 'x %', n; ELSE RAISE EXCEPTION 'no' USING ERRCODE = 'x'; END CASE;
  BEGIN INSERT INTO t SELECT * FROM u WHERE id = n; EXCEPTION WHEN unique_violation OR OTHERS THEN GET STACKED DIAGNOSTICS t = MESSAGE_TEXT; RAISE; END;
  SELECT a, b INTO STRICT t, n FROM u WHERE c = made; EXECUTE made; GET DIAGNOSTICS n = ROW_COUNT; RETURN;
END $$`;

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
    const statements = [...everyStatement().map((each) => each.sql), ...matrixStatements()];
    const piece = fc.oneof(fc.constantFrom(...statements), fc.constant(BLOCK));
    const mutated = fc
      .record({ statements: fc.array(piece, { minLength: 1, maxLength: 4 }), cut: fc.nat(2000), length: fc.nat(30), put: fc.constantFrom('', "'", '"', '$$', '(', ')', ';', ',', '\n', '\r\n', '😀', '\0', '{{x}}', '--', '/*', 'DO $$ BEGIN ', ' END $$', 'EXECUTE ', "format('%I',", '\uFEFF') })
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
