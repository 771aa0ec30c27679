import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { extensionsAskedFor } from '../../src/proof/engine/extensions.js';
import { refusedBeforeRun } from '../../src/proof/engine/refused.js';

beforeAll(() => loadSql());

describe('what is refused before it runs', () => {
  it.each([
    'ALTER TABLE copy ADD COLUMN load text',
    "INSERT INTO notes VALUES ('COPY t FROM PROGRAM ''id''')",
    "CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('a', 'b'); PERFORM pg_sleep(1); RETURN NEW; END $$",
    "NOTIFY pgrst, 'reload schema'",
    'CREATE TABLE pg_sleep (id int)',
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$",
    'SELECT app.pg_read_file(1)',
    'GRANT SELECT ON t TO PUBLIC',
    'this is no SQL',
  ])('%s may run', (sql) => {
    expect(refusedBeforeRun(sql)).toBeNull();
  });

  it('roles outlive the database of a proof on a server that was given', () => {
    expect(refusedBeforeRun('CREATE ROLE app')).toBeNull();
    expect(refusedBeforeRun('CREATE ROLE app', 'postgres')).toMatch(/CREATE ROLE concerns the whole server/);
  });
});

describe('extensions that a history asks for', () => {
  it('are loaded where they are there, and named where they are not', () => {
    const asked = extensionsAskedFor([
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public',
      'CREATE TABLE t (id int)',
      'DO $$ BEGIN CREATE EXTENSION pg_trgm; END $$',
      'CREATE EXTENSION plpgsql',
      'CREATE EXTENSION Vector; CREATE EXTENSION postgis',
    ]);
    expect(asked).toEqual({ load: ['pg_trgm', 'uuid-ossp'], stub: ['postgis', 'vector'] });
  });
});
