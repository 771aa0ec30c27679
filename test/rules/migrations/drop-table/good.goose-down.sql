-- path: db/migrations/00002_teams.sql
-- +goose Up
CREATE TABLE teams (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE teams;
-- file: base/db/migrations/00001_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
