ALTER TABLE memberships ADD CONSTRAINT memberships_pkey PRIMARY KEY (team_id, user_id); -- want `The primary key on .team_id. and .user_id. builds an index over all of .memberships. while it holds an ACCESS EXCLUSIVE lock`
-- file: base/db/migrations/0001_memberships.sql
CREATE TABLE memberships (team_id bigint NOT NULL, user_id bigint);
