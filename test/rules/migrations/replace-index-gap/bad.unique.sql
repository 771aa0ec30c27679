DROP INDEX CONCURRENTLY IF EXISTS sessions_token_key; -- want `before its replacement is built .*nothing keeps duplicates out`
CREATE UNIQUE INDEX CONCURRENTLY sessions_token_key ON sessions (token) WHERE revoked_at IS NULL;
-- file: base/db/migrations/0001_sessions.sql
CREATE TABLE sessions (id bigint PRIMARY KEY, token text, revoked_at timestamptz);
CREATE UNIQUE INDEX sessions_token_key ON sessions (token);
