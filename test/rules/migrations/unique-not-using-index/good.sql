ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_idx;
-- file: db/migrations/0003_teams.sql
CREATE TABLE teams (id bigint PRIMARY KEY, slug text);
ALTER TABLE teams ADD UNIQUE (slug);
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE UNIQUE INDEX users_email_idx ON users (email);
