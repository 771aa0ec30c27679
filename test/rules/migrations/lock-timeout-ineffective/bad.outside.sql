-- path: db/migrations/20240102000000_nick.sql
-- +goose NO TRANSACTION
-- +goose Up
SET LOCAL lock_timeout = '5s'; -- want `SET LOCAL on line 4 changes nothing, because this migration runs outside a transaction: line 5 waits as long as it takes for its ACCESS EXCLUSIVE lock on .users.`
ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text;
-- +goose Down
ALTER TABLE users DROP COLUMN nick;
-- file: base/db/migrations/20240101000000_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
