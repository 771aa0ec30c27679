SET lock_timeout = '5s';
ALTER TABLE users ADD COLUMN nick text;
RESET lock_timeout;
-- file: db/migrations/0003_index.sql
-- Lifted for what blocks nobody and may take long.
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY users_nick ON users (nick);
-- file: db/migrations/0004_local.sql
BEGIN;
SET LOCAL lock_timeout = '500ms';
ALTER TABLE users ADD COLUMN phone text;
COMMIT;
-- file: db/migrations/0005_dump.sql
SET lock_timeout = 0;
CREATE TABLE teams (id bigint PRIMARY KEY);
ALTER TABLE teams ADD COLUMN name text;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
