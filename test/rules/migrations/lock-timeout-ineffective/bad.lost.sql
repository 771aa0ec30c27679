-- path: migrations/00002_nick.sql
-- +goose NO TRANSACTION
-- +goose Up
BEGIN;
SET LOCAL lock_timeout = '5s'; -- want `The lock_timeout of line 5 ends with its transaction: line 8 waits as long as it takes`
ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text;
COMMIT;
ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;
-- +goose Down
-- file: migrations/00003_zero.sql
-- +goose Up
SET lock_timeout = 0; -- want `Line 2 switches lock_timeout off: line 3 waits as long as it takes`
ALTER TABLE users ADD COLUMN phone text;
-- +goose Down
-- file: migrations/00004_long.sql
-- +goose Up
SELECT set_config('lock_timeout', '10min', true); -- want `The lock_timeout of line 2 is 10 minutes: line 3 waits up to that long`
ALTER TABLE users ADD COLUMN fax text;
-- +goose Down
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
