-- The view is made anew around it.
DROP VIEW mails;
CREATE VIEW mails AS SELECT id FROM users;
-- The function does without from now on.
CREATE OR REPLACE FUNCTION fill_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.name := lower(NEW.name);
  RETURN NEW;
END;
$$;
-- Widening a column that no view shows.
ALTER TABLE users ALTER COLUMN nick TYPE varchar(80);
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY, name text, email text, nick varchar(40));
CREATE VIEW mails AS SELECT id, email FROM users;
CREATE FUNCTION fill_search() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := lower(NEW.email); RETURN NEW; END; $$;
CREATE TRIGGER fill BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION fill_search();
