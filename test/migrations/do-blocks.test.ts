import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { print } from '../../src/migrations/print.js';
import { readSql } from '../../src/migrations/read-sql.js';
import { textAt } from '../support/text-at.js';

/** Where each step stands, whether it is conditional (?), and what it is: its SQL, or why it is not known. */
function shown(sql: string): string[] {
  return readSql(sql).steps.map((step) => {
    const what = step.kind === 'opaque' ? `opaque: ${step.reason}` : step.kind === 'do-block' ? 'nothing' : print(step).replace(/\s+/g, ' ');
    return `${String(step.span.startLine)}${step.conditional === true ? '?' : ''} ${what}`;
  });
}

function block(body: string, declarations = ''): string {
  return `DO $$\n${declarations === '' ? '' : `DECLARE ${declarations}\n`}BEGIN\n${body}\nEND $$;`;
}

describe('DO blocks', () => {
  beforeAll(loadSql);

  it('gives the statements in their order, each on its own line of the file, as one statement', () => {
    const sql = `CREATE TABLE a (id int);\n\n${block("  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN\n    CREATE TYPE mood AS ENUM ('sad');\n  END IF;\n  ALTER TABLE a ADD COLUMN m mood;")}\nDROP TABLE b;`;
    expect(shown(sql)).toEqual(['1 CREATE TABLE a (id integer)', "6? CREATE TYPE mood AS ENUM ('sad')", '8 ALTER TABLE a ADD COLUMN m mood', '10 DROP TABLE b']);
    const { steps } = readSql(sql);
    expect(steps.map((step) => step.statementIndex)).toEqual([0, 1, 1, 2]);
    expect(steps[2]).toMatchObject({ wholeLines: false, statement: 'ALTER TABLE a ADD COLUMN m mood', block: { span: { startLine: 3, endLine: 9 } } });
    expect(steps.map((step) => textAt(sql, step.span))).toEqual(steps.map((step) => step.statement));
  });

  it.each([
    ['single quotes', "DO 'BEGIN\n  ALTER TABLE t ADD COLUMN c text DEFAULT ''it''''s'';\n  DROP TABLE u;\nEND'", ["2 ALTER TABLE t ADD COLUMN c text DEFAULT 'it''s'", '3 DROP TABLE u']],
    ['an escape string', "DO E'BEGIN\\n  DROP TABLE \\'t\\';\nEND'", [expect.stringMatching(/opaque: its PL\/pgSQL does not parse/)]],
    ['escapes that become line ends', "DO E'BEGIN\\n\\n  DROP TABLE t;\nDROP TABLE u;\nEND'", ['1 DROP TABLE t', '2 DROP TABLE u']],
    ['tags within tags', 'DO $outer$\nBEGIN\n  EXECUTE $inner$ALTER TABLE t\n    ADD COLUMN a int, ADD COLUMN b text DEFAULT $d$x$d$$inner$;\nEND $outer$ LANGUAGE plpgsql', ['4 ALTER TABLE t ADD COLUMN a integer', '4 ALTER TABLE t ADD COLUMN b text DEFAULT $d$x$d$']],
    ['the language first', "DO LANGUAGE 'plpgsql' $$\nBEGIN\n  DROP TABLE t;\nEND $$", ['3 DROP TABLE t']],
    ['other line ends, tabs and letters of several bytes', 'DO $$\r\nBEGIN\r\n\t-- Größe 😀\r\n\tALTER TABLE "Größe😀" ADD a int;\tDROP TABLE u;\r\nEND $$', ['4 ALTER TABLE "Größe😀" ADD COLUMN a integer', '4 DROP TABLE u']],
    ['one line', 'DO $$ BEGIN IF a THEN DROP TABLE t; END IF; DROP TABLE t; END $$', ['1? DROP TABLE t', '1 DROP TABLE t']],
  ])('finds the statements of a body in %s', (_, sql, expected) => {
    expect(shown(sql)).toEqual(expected);
  });

  it('points at the statement, not at an equal one before it', () => {
    const sql = 'DO $$ BEGIN IF a THEN DROP TABLE t; END IF; DROP TABLE t; END $$';
    expect(readSql(sql).steps.map((step) => step.span.startColumn)).toEqual([23, 45]);
  });

  it('says what runs only under a condition', () => {
    const body = `  IF a THEN DROP TABLE t1; ELSIF b THEN DROP TABLE t2; ELSE DROP TABLE t3; END IF;
  CASE x WHEN 1 THEN DROP TABLE t4; ELSE NULL; END CASE;
  WHILE a LOOP DROP TABLE t5; END LOOP;
  BEGIN DROP TABLE t6; EXCEPTION WHEN undefined_table THEN DROP TABLE t7; END;
  DROP TABLE t8;
  IF a THEN RAISE EXCEPTION 'no'; END IF;
  DROP TABLE t9;
  IF a THEN RETURN; END IF;
  DROP TABLE t10;
  RETURN;
  DROP TABLE t11;`;
    expect(shown(block(body, 'x int;')).map((line) => line.replace(/^\d+/, ''))).toEqual([
      ...['t1', 't2', 't3', 't4', 't5', 't6', 't7'].map((table) => `? DROP TABLE ${table}`),
      ' DROP TABLE t8',
      ' DROP TABLE t9',
      '? DROP TABLE t10',
    ]);
  });

  it.each([
    ["EXECUTE 'ALTER TABLE t ADD COLUMN a int';", 'ALTER TABLE t ADD COLUMN a integer'],
    ["EXECUTE format('ALTER TABLE %I.%I ADD COLUMN %2$I text DEFAULT %3$L', 'public', 'My Table', 'x');", 'ALTER TABLE public."My Table" ADD COLUMN "My Table" text DEFAULT \'x\''],
    ["EXECUTE 'DROP TABLE ' || quote_ident('Order') || ' CASCADE';", 'DROP TABLE "Order" CASCADE'],
    ["EXECUTE 'DROP TABLE ' || schema_name || '.' || name;", 'DROP TABLE app.users'],
    ["name := 'other'; EXECUTE concat('DROP TABLE ', name);", 'DROP TABLE other'],
    ["EXECUTE concat_ws(' ', 'DROP', 'TABLE', lower('T'));", 'DROP TABLE t'],
    ["EXECUTE replace('DROP TABLE %', '%', names[2]);", 'DROP TABLE b'],
    ["EXECUTE format('DROP TABLE %I.users', current_schema());", 'DROP TABLE users'],
    ["EXECUTE 'DROP TABLE ' || 'a'::regclass::text;", 'DROP TABLE a'],
    ["EXECUTE E'DROP TABLE\\n a';", 'DROP TABLE a'],
    ["EXECUTE coalesce(nothing, 'DROP TABLE a');", 'DROP TABLE a'],
    ["EXECUTE 'DROP TABLE a;';", 'DROP TABLE a'],
    ["EXECUTE 'CREATE INDEX ON t (a)' USING 1;", 'CREATE INDEX ON t USING btree (a)'],
    ["IF x THEN name := 'users'; END IF; EXECUTE 'DROP TABLE ' || name;", 'DROP TABLE users'],
  ])('puts together what %s runs', (statement, expected) => {
    expect(shown(block(statement, "schema_name text := 'app'; name CONSTANT_ text = 'users'; names text[] := '{a,b}'; nothing text; x boolean;".replace('CONSTANT_ ', ''))).map((line) => line.replace(/^\d+ /, ''))).toEqual([expected]);
  });

  it.each([
    ['EXECUTE what;', 'what', '`what`, read by the query on line 4'],
    ["EXECUTE 'DROP TABLE ' || what || ' CASCADE';", '', '`what`, read by the query on line 4'],
    ["EXECUTE format('DROP TABLE %I', my_name());", '', '`my_name()`, which is known only at run time'],
    ["IF n > 1 THEN other := 'a'; ELSE other := 'b'; END IF; EXECUTE 'DROP TABLE ' || other;", '', '`other`, which is set under a condition'],
    ["EXECUTE 'DROP TABLE part_' || n;", '', '`n`, read by the query on line 4'],
    ["EXECUTE (SELECT string_agg('DROP TABLE ' || relname, ';') FROM pg_class);", '', 'the result of a query'],
  ])('says what %s depends on, and reads on', (statement, _, because) => {
    const sql = block(`SELECT a, b INTO what, n FROM pg_class;\n${statement}\nDROP TABLE last;`, 'what text; other text; n int;');
    expect(shown(sql)).toEqual([`5 opaque: the SQL it runs depends on ${because}`, '6 DROP TABLE last']);
  });

  it('takes an unknown number or value for what it is where it names nothing', () => {
    const body = "SELECT max(id) INTO n FROM pg_class; EXECUTE 'ALTER SEQUENCE s RESTART WITH ' || (n + 1); EXECUTE format('UPDATE t SET a = %L WHERE id = %s', v, n);";
    expect(shown(block(body, 'n bigint; v text := a_value();'))).toEqual(["2 SELECT a_value()", "4 ALTER SEQUENCE s RESTART WITH 1", "4 UPDATE t SET a = '?' WHERE id = 1"]);
  });

  it.each([
    ["'ALTER TABLE t DROP CONSTRAINT ' || quote_ident(c)", 'ALTER TABLE t DROP CONSTRAINT c'],
    ["format('ALTER TABLE t ADD CONSTRAINT %I CHECK (a > 0)', 'check_' || c)", 'ALTER TABLE t ADD CONSTRAINT check_c CHECK (a > 0)'],
    ["format('ALTER TABLE t RENAME CONSTRAINT %I TO %I', r.conname, r.conname || '_old')", 'ALTER TABLE t RENAME CONSTRAINT r_conname TO r_conname_old'],
    ["format('DROP POLICY %I ON t', r.policyname)", 'DROP POLICY r_policyname ON t'],
    ["format('CREATE INDEX %I ON t (a)', c)", 'CREATE INDEX c ON t USING btree (a)'],
    ["format('CREATE TABLE %I PARTITION OF t FOR VALUES FROM (%L) TO (%L)', 't_' || c, now(), c)", "CREATE TABLE t_c PARTITION OF t FOR VALUES FROM ('?') TO ('?')"],
    ["'GRANT SELECT ON t TO ' || c", 'GRANT SELECT ON t TO c'],
    ["format('ALTER DATABASE %I SET timezone = %L', c, c)", "ALTER DATABASE c SET timezone = '?'"],
    ["format('ALTER INDEX %I RENAME TO %I', c, c)", 'ALTER INDEX c RENAME TO c'],
  ])('does not need to know the name in %s', (value, expected) => {
    expect(shown(block(`SELECT conname INTO c FROM pg_constraint; FOR r IN SELECT * FROM pg_policies LOOP EXECUTE ${value}; END LOOP;`, 'c text; r record;'))).toEqual([`4? ${expected}`]);
  });

  it.each([
    "'DROP TABLE ' || c",
    "'DROP INDEX ' || c",
    "'ALTER TABLE t ADD COLUMN ' || c || ' int'",
    "'ALTER TABLE t ADD CHECK (' || c || ')'",
    "'ALTER TABLE t ALTER a TYPE ' || c",
    "format('ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES %I', c)",
    "format('CREATE INDEX i ON t (%I)', c)",
    "'ALTER TABLE t ' || c",
    "'UPDATE t SET a = ' || c",
    "'GRANT SELECT ON ' || c || ' TO x'",
    "format('CREATE TABLE %I (LIKE %I)', c, c)",
    "'ALTER TABLE t DROP CONSTRAINT ' || c || '; DROP TABLE ' || c",
  ])('needs to know what %s names', (value) => {
    expect(shown(block(`SELECT conname INTO c FROM pg_constraint; EXECUTE ${value};`, 'c text;'))).toEqual(['4 opaque: the SQL it runs depends on `c`, read by the query on line 4']);
  });

  it('follows loops over what is written, turn by turn', () => {
    const body = `  FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('DROP INDEX %I', t || '_idx');
  END LOOP;
  FOR r IN SELECT * FROM (VALUES ('c', 'x'), ('d', 'y')) AS v(tbl, col) LOOP
    EXECUTE format('ALTER TABLE %I DROP COLUMN %I', r.tbl, r.col);
  END LOOP;
  FOR t IN SELECT unnest(ARRAY['e', 'f']) LOOP EXECUTE 'DROP TABLE ' || t; END LOOP;
  FOR i IN 1..2 LOOP EXECUTE 'DROP TABLE g_' || i; END LOOP;
  FOR i IN 1..array_length(names, 1) LOOP EXECUTE 'DROP TABLE ' || names[i]; END LOOP;
  FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename IN ('j', 'k') LOOP
    EXECUTE 'DROP TABLE ' || quote_ident(r.tablename);
  END LOOP;
  all_of_it := '';
  FOREACH t IN ARRAY names LOOP all_of_it := all_of_it || format('DROP TABLE %I;', t || '2'); END LOOP;
  EXECUTE all_of_it;`;
    const steps = shown(block(body, "t text; r record; names text[] := ARRAY['h', 'i']; all_of_it text;"));
    expect(steps).toEqual([
      '5? ALTER TABLE a ENABLE ROW LEVEL SECURITY',
      '6? DROP INDEX a_idx',
      '5? ALTER TABLE b ENABLE ROW LEVEL SECURITY',
      '6? DROP INDEX b_idx',
      '9? ALTER TABLE c DROP COLUMN x',
      '9? ALTER TABLE d DROP COLUMN y',
      ...['e', 'f'].map((table) => `11? DROP TABLE ${table}`),
      ...['g_1', 'g_2'].map((table) => `12? DROP TABLE ${table}`),
      ...['h', 'i'].map((table) => `13? DROP TABLE ${table}`),
      ...['j', 'k'].map((table) => `15? DROP TABLE ${table}`),
      '19 DROP TABLE h2',
      '19 DROP TABLE i2',
    ]);
  });

  it('does not follow loops over what only the database knows, nor very long ones', () => {
    const body = `FOR r IN SELECT relname FROM pg_class LOOP EXECUTE format('DROP TABLE %I', r.relname); DROP TABLE sure; END LOOP;
FOR i IN 1..100000 LOOP EXECUTE 'DROP TABLE t' || i; END LOOP;
FOR r IN EXECUTE 'SELECT 1' LOOP EXECUTE r.x; END LOOP;
FOR r IN SELECT c.relname FROM pg_class c JOIN pg_class p ON true WHERE p.relname = 'x' LOOP EXECUTE 'DROP TABLE ' || r.relname; END LOOP;`;
    expect(shown(block(body, 'r record;'))).toEqual([
      '4? opaque: the SQL it runs depends on `r.relname`, from the query on line 4',
      '4? DROP TABLE sure',
      '5? opaque: the SQL it runs depends on `i`, which changes in the loop on line 5',
      '6? opaque: the SQL it runs depends on `r.x`, from the query on line 6',
      '7? opaque: the SQL it runs depends on `r.relname`, from the query on line 7',
    ]);
  });

  it('keeps reads of tables, and leaves guards, messages and the server’s catalogs out', () => {
    const body = `IF (SELECT count(*) FROM orders) > 0 THEN RAISE EXCEPTION 'not empty'; END IF;
IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'x') THEN RAISE NOTICE 'x'; END IF;
PERFORM 1; PERFORM pg_sleep(1); PERFORM set_config('lock_timeout', '2s', true); PERFORM backfill(3);
SELECT max(id) INTO n FROM users; n := (SELECT min(id) FROM parts); GET DIAGNOSTICS n = ROW_COUNT; ASSERT n > 0;`;
    expect(shown(block(body, 'n int;'))).toEqual([
      '4 SELECT (SELECT count(*) FROM orders) > 0',
      "6 SET LOCAL lock_timeout = '2s'",
      '6 SELECT backfill(3)',
      '7 SELECT max(id) FROM users',
      '7 SELECT (SELECT min(id) FROM parts)',
    ]);
  });

  it('is a step of its own when nothing in it matters', () => {
    expect(readSql("DO $$ BEGIN IF to_regclass('x') IS NULL THEN RAISE EXCEPTION 'no'; END IF; END $$").steps).toMatchObject([{ kind: 'do-block', statementIndex: 0 }]);
  });

  it('reads COMMIT where the server allows it, and batches as what they are', () => {
    const loop = 'DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 10)';
    expect(shown(block(`LOOP ${loop}; COMMIT; EXIT WHEN a; END LOOP;`))).toEqual([`3? ${loop}`, '3? COMMIT']);
    expect(shown(block('BEGIN COMMIT; EXCEPTION WHEN OTHERS THEN NULL; END;'))).toEqual(['1 nothing']);
    const boundedness = (sql: string): unknown => readSql(sql).steps.map((step) => ('boundedness' in step ? step.boundedness : step.kind));
    expect(boundedness(block(`LOOP ${loop}; COMMIT; END LOOP;`))).toEqual(['batch', 'transaction']);
    expect(boundedness(block(`LOOP ${loop}; END LOOP;`))).toEqual(['some']);
  });

  it('compares with a variable as with a constant, unless it changes from row to row', () => {
    const equals = (sql: string): unknown => readSql(sql).steps.flatMap((step) => (step.kind === 'update' ? [step.equals] : []));
    expect(equals(block('UPDATE t SET a = 1 WHERE id = n;', 'n int;'))).toEqual([['id']]);
    expect(equals(block('FOR r IN SELECT * FROM t LOOP UPDATE t SET a = 1 WHERE id = r.id; END LOOP;', 'r record;'))).toEqual([[]]);
  });

  it.each([
    ['DO LANGUAGE plpython3u $$ x = 1 $$', ['1 opaque: a DO block in plpython3u']],
    ['DO $$ BEGIN ALTER TABEL x; END $$', ['1 opaque: its PL/pgSQL does not parse: syntax error at or near "TABEL"']],
    ["DO $$ BEGIN EXECUTE 'ALTER TABEL x'; DROP TABLE y; END $$", ['1 opaque: the SQL that is run here does not parse: syntax error at or near "TABEL"', '1 DROP TABLE y']],
    ["DO $$ BEGIN EXECUTE 'DO $x$ BEGIN DROP TABLE y; END $x$'; END $$", ['1 DROP TABLE y']],
  ])('%s', (sql, expected) => {
    expect(shown(sql)).toEqual(expected);
  });

  it('reads around placeholders', () => {
    const sql = block('ALTER TABLE {{ index .Options "Namespace" }}.users ADD COLUMN a int;\nALTER TABLE users_${suffix} ADD COLUMN a int;\nEXECUTE \'DROP INDEX ${schema}.i\';');
    expect(shown(sql)).toEqual(['3 ALTER TABLE users ADD COLUMN a integer', '4 ALTER TABLE users_suffix ADD COLUMN a integer', '5 DROP INDEX i']);
    expect(shown(block('{{ a }} := {{ b }}; DROP TABLE t;'))).toEqual(['1 opaque: a template placeholder']);
  });

  it.each([
    ['IF a THEN ', 'END IF; ', 900],
    ['IF a THEN ', 'END IF; ', 20_000],
    ['LOOP ', 'END LOOP; ', 900],
    ['BEGIN ', 'END; ', 20_000],
  ])('survives %s nested very deeply', (open, close, times) => {
    const { steps } = readSql(block(`${open.repeat(times)} DROP TABLE t; ${close.repeat(times)}`));
    expect(steps).toHaveLength(1);
    expect(['opaque', 'drop-table']).toContain(steps[0]?.kind);
  });

  it('stops following where a block does too much', () => {
    const huge = readSql(block('DROP TABLE t; '.repeat(6000))).steps;
    expect(huge).toMatchObject([{ kind: 'opaque', reason: 'a DO block with more than 5000 statements' }]);
    const nested = readSql(block("FOR a IN 1..100 LOOP FOR b IN 1..100 LOOP EXECUTE 'DROP TABLE t'; END LOOP; END LOOP; ")).steps;
    expect(nested.length).toBeLessThanOrEqual(5001);
    expect(nested.at(-1)).toMatchObject({ kind: 'opaque', reason: 'more statements than are followed' });
    const growing = readSql(block("x := 'DROP TABLE t;'; FOR a IN 1..100 LOOP x := x || x; END LOOP; EXECUTE x;", 'x text;')).steps;
    expect(growing).toMatchObject([{ kind: 'opaque', reason: 'the SQL it runs depends on `x`, a text that grows too long' }]);
  });
});
