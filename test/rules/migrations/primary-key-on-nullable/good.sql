CREATE UNIQUE INDEX CONCURRENTLY memberships_pkey ON memberships (team_id, user_id);
ALTER TABLE memberships ADD PRIMARY KEY USING INDEX memberships_pkey;
-- file: base/db/migrations/0001_memberships.sql
CREATE TABLE memberships (team_id bigint NOT NULL, user_id bigint NOT NULL);
