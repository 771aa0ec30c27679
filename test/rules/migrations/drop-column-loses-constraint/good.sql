CREATE TABLE pairs (id bigint PRIMARY KEY, one text, other text, UNIQUE (one, other));
ALTER TABLE pairs DROP COLUMN other;
ALTER TABLE users DROP COLUMN IF EXISTS nickname;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, region text, code text, UNIQUE (region, code));
