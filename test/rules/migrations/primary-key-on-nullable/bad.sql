CREATE UNIQUE INDEX CONCURRENTLY memberships_pkey ON memberships (team_id, user_id);
ALTER TABLE memberships ADD PRIMARY KEY USING INDEX memberships_pkey; -- want `PRIMARY KEY USING INDEX .memberships_pkey. sets NOT NULL on the way, since .user_id. is nullable, and reads every row of .memberships.`
-- file: base/db/migrations/0001_memberships.sql
CREATE TABLE memberships (team_id bigint NOT NULL, user_id bigint);
