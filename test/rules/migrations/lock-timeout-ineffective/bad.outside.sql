-- path: db/migrations/20240102000000_nick.sql
-- migrate:up transaction:false
SET LOCAL lock_timeout = '5s'; -- want `SET LOCAL on line 3 changes nothing, because this migration runs outside a transaction: line 4 waits as long as it takes for its ACCESS EXCLUSIVE lock on .users.`
ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text;
-- migrate:down
ALTER TABLE users DROP COLUMN nick;
-- file: base/db/migrations/20240101000000_users.sql
-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE users;
