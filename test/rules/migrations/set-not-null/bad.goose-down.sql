-- path: migrations/20240102000000_users.sql
-- +goose Up
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
-- +goose Down
ALTER TABLE users ALTER COLUMN email SET NOT NULL; -- want migrations/down-locks `The down direction works through .users.`
-- file: base/migrations/20240101000000_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
-- +goose Down
DROP TABLE users;
