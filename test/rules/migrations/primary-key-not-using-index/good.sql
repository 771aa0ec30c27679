ALTER TABLE memberships ADD CONSTRAINT memberships_pkey PRIMARY KEY USING INDEX memberships_key;
-- file: db/migrations/0003_teams.sql
CREATE TABLE teams (id bigint NOT NULL);
ALTER TABLE teams ADD PRIMARY KEY (id);
-- file: base/db/migrations/0001_memberships.sql
CREATE TABLE memberships (team_id bigint NOT NULL, user_id bigint NOT NULL);
CREATE UNIQUE INDEX memberships_key ON memberships (team_id, user_id);
