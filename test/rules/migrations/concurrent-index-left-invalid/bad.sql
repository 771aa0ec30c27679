SET statement_timeout = '10min';
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email_idx ON users (email); -- want `If building .users_email_idx. on .users. fails half way, the INVALID index .* no query uses it`
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "Users_handle_key" ON users (lower(handle)); -- want `.Users_handle_key.*nothing keeps duplicates out`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, handle text);
