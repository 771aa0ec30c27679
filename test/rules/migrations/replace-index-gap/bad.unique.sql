DROP INDEX CONCURRENTLY IF EXISTS sessions_token_key; -- want `before its replacement is built .*nothing keeps duplicates out`
CREATE UNIQUE INDEX CONCURRENTLY sessions_token_key ON sessions (token) WHERE revoked_at IS NULL;
-- file: base/db/migrations/0001_sessions.sql
CREATE TABLE sessions (id bigint PRIMARY KEY, token text, revoked_at timestamptz);
CREATE UNIQUE INDEX sessions_token_key ON sessions (token);
-- file: db/migrations/0009_key.sql
-- The key's own index starts with the same column, and the table is locked while it is built.
DROP INDEX CONCURRENTLY semaphores_step_worker_key;
ALTER TABLE semaphores ADD PRIMARY KEY (step_id);
CREATE UNIQUE INDEX CONCURRENTLY semaphores_step_key ON semaphores (step_id);
-- file: base/db/migrations/0000_semaphores.sql
CREATE TABLE semaphores (step_id bigint NOT NULL, worker_id bigint NOT NULL);
CREATE UNIQUE INDEX semaphores_step_worker_key ON semaphores (step_id, worker_id);
