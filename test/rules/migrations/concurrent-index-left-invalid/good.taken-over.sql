-- path: migrations/00002_key.sql
-- +goose NO TRANSACTION
-- +goose Up
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS crons_key ON crons (id);
-- Refuses an invalid index.
ALTER TABLE crons ADD CONSTRAINT crons_key PRIMARY KEY USING INDEX crons_key;
-- +goose Down
ALTER TABLE crons DROP CONSTRAINT crons_key;
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE TABLE crons (id bigint NOT NULL, name text);
-- +goose Down
DROP TABLE crons;
