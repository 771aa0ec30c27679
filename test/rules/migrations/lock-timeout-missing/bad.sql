ALTER TABLE settings ADD COLUMN note text;
ALTER TABLE users ADD COLUMN nick text; -- want `Nothing bounds how long .ALTER TABLE users ADD COLUMN nick text. waits for its ACCESS EXCLUSIVE lock on .users. \(50,000,000 rows, 2,000 queries a second\): behind one long query it queues`
ALTER TABLE users ADD COLUMN phone text;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE settings (id bigint PRIMARY KEY);
-- file: base/.github/belay.yml
version: 1
tables: { users: { rows: 50000000, qps: 2000 } }
