SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN nick text;
-- file: db/migrations/0003_more.sql
SELECT set_config('lock_timeout', '2000', true);
ALTER TABLE users ADD COLUMN phone text;
-- file: db/migrations/0004_weak.sql
-- Of this table nothing is known.
ALTER TABLE settings ADD COLUMN note text;
-- file: db/migrations/0005_weak.sql
CREATE INDEX CONCURRENTLY users_nick ON users (nick);
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE settings (id bigint PRIMARY KEY);
-- file: base/.github/belay.yml
version: 1
tables: { users: { rows: 50000000, qps: 2000 } }
