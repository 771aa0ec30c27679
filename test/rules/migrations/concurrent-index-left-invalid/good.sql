DROP INDEX CONCURRENTLY IF EXISTS users_email_idx;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email_idx ON users (email);
-- A second attempt fails and somebody looks.
CREATE INDEX CONCURRENTLY users_handle_idx ON users (handle);
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, handle text);
