ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email); -- want `UNIQUE on .email. builds an index over all of .users. while it holds an ACCESS EXCLUSIVE lock, which blocks every read and write, until the index is built`
ALTER TABLE ONLY "Member" ADD UNIQUE ("teamId", "userId"); -- want `UNIQUE on .teamId. and .userId.`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE "Member" (id bigint PRIMARY KEY, "teamId" bigint, "userId" bigint);
