ALTER TABLE users ADD COLUMN nick text;
SET lock_timeout TO '5s'; -- want `Line 2 sets lock_timeout too late: line 1 waits as long as it takes for its ACCESS EXCLUSIVE lock on .users.`
ALTER TABLE orders ADD COLUMN note text;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY);
