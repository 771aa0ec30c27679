ALTER TABLE memberships ADD PRIMARY KEY USING INDEX memberships_key;
-- file: base/db/migrations/0001_memberships.sql
CREATE TABLE memberships (team_id bigint NOT NULL, user_id bigint NOT NULL);
CREATE UNIQUE INDEX memberships_key ON memberships (team_id, user_id);
