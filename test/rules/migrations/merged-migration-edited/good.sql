-- path: migrations/00001_users.sql
-- The way back is put right, and a comment added.
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE IF EXISTS users;
-- file: migrations/00002_nick.sql
-- +goose Up
ALTER TABLE users ADD COLUMN nick text;
-- +goose Down
ALTER TABLE users DROP COLUMN nick;
-- file: base/migrations/00001_users.sql


-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
