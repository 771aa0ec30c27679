-- path: db/migrations/00002_teams.sql
-- +goose Up
CREATE TABLE teams (id bigint PRIMARY KEY);
-- +goose Down
SELECT 1; -- want `The down direction of this migration does nothing, while the one before it has one`
-- file: base/db/migrations/00001_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
