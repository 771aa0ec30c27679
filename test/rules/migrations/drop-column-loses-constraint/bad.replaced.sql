-- Seen to go, or replaced: only what the running code says is left.
DROP INDEX one_team;
ALTER TABLE memberships DROP COLUMN team_id, DROP COLUMN kind; -- want migrations/drop-column `.memberships\.team_id.`
ALTER TABLE memberships ADD PRIMARY KEY (user_id);
ALTER TABLE users DROP COLUMN region;
CREATE UNIQUE INDEX users_code ON users (code);
-- The other column goes too.
ALTER TABLE pairs DROP COLUMN one, DROP COLUMN other;
-- One that does lose something, so that the fixture is a bad one.
ALTER TABLE codes DROP COLUMN kind; -- want `.codes_kind_code_key.`
-- file: base/db/migrations/0001_all.sql
CREATE TABLE memberships (team_id bigint, user_id bigint, kind text, PRIMARY KEY (team_id, user_id));
CREATE UNIQUE INDEX one_team ON memberships (user_id, kind);
CREATE TABLE users (id bigint PRIMARY KEY, region text, code text, UNIQUE (region, code));
CREATE TABLE pairs (id bigint PRIMARY KEY, one text, other text, UNIQUE (one, other));
CREATE TABLE codes (id bigint PRIMARY KEY, kind text, code text, UNIQUE (kind, code));
