DROP INDEX CONCURRENTLY IF EXISTS users_email_team_key;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_email_team_key ON users (email, team_id);
-- A second attempt fails and somebody looks.
CREATE UNIQUE INDEX CONCURRENTLY users_team_email_key ON users (team_id, email);
-- Nothing makes a failure likely.
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name_idx ON users (name);
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE, team_id bigint, name text);
