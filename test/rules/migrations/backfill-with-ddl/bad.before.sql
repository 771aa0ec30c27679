-- path: db/migrations/20240102000000_owner.sql
-- migrate:up
CREATE TRIGGER stamp BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION stamp();
UPDATE "Order" SET owner = users.id FROM users WHERE users.email = "Order".email; -- want `While this UPDATE goes through the rows of .Order., the transaction still holds what .CREATE TRIGGER stamp BEFORE UPDATE ON teams FOR EACH ROW …. took on line 3: a SHARE ROW EXCLUSIVE lock, which blocks every write to .teams.`
-- migrate:down
DROP TRIGGER stamp ON teams;
-- file: base/db/migrations/20240101000000_init.sql
-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE "Order" (id bigint PRIMARY KEY, email text, owner bigint);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END; $$;
-- migrate:down
DROP TABLE "Order";
