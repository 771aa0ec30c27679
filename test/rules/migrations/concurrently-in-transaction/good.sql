-- path: migrations/20240102000000_email.sql
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
DROP INDEX CONCURRENTLY users_name_idx;
-- +goose Down
DROP INDEX CONCURRENTLY users_email_idx;
-- file: base/migrations/20240101000000_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);
CREATE INDEX users_name_idx ON users (name);
-- +goose Down
DROP TABLE users;
