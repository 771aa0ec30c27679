-- path: db/migrations/20240102000000_kind.sql
-- migrate:up
-- A cast that cannot be undone would be another matter.
ALTER TABLE users ADD COLUMN kind text;
-- migrate:down
ALTER TABLE users DROP COLUMN kind;
-- file: base/db/migrations/20240101000000_init.sql
-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE users;
