-- path: migrations/00001_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY, nick text); -- want `databases that have run it have its version on record and never run it again, new ones get what it says now`
-- +goose Down
DROP TABLE users;
-- file: base/migrations/00001_users.sql

-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
