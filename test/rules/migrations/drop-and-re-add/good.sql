-- Its type is changed in place; a longer varchar costs nothing.
ALTER TABLE users ALTER COLUMN nickname TYPE varchar(80);
-- Never there.
ALTER TABLE users DROP COLUMN IF EXISTS locale;
ALTER TABLE users ADD COLUMN locale text;
-- Born here.
CREATE TABLE drafts (id bigint PRIMARY KEY, body text);
ALTER TABLE drafts DROP COLUMN body;
ALTER TABLE drafts ADD COLUMN body jsonb;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, nickname varchar(40));
