-- path: db/migrations/20240102000000_kind.sql
-- migrate:up
ALTER TABLE users ALTER COLUMN id TYPE text;
-- migrate:down
-- This cannot be undone: the numbers are gone. -- want `says that it cannot be undone \(.This cannot be undone: the numbers are gone\..\): a rollback of this release, or of any later one, passes over it and leaves what it did`
-- file: base/db/migrations/20240101000000_init.sql
-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE users;
