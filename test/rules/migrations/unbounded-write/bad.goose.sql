-- path: migrations/00002_lower.sql
-- +goose NO TRANSACTION
-- +goose Up
UPDATE app.users SET "emailVerified" = now(); -- want `UPDATE writes .emailVerified. of every row of .app\.users. anew`
-- +goose Down
UPDATE app.users SET "emailVerified" = NULL;
-- file: base/migrations/00001_users.sql
-- +goose Up
CREATE SCHEMA app;
CREATE TABLE app.users (id bigint PRIMARY KEY, "emailVerified" timestamptz);
-- +goose Down
DROP TABLE app.users;
