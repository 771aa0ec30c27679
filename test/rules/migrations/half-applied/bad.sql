-- path: migrations/00002_nick.sql
-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE users ADD COLUMN nick text; -- want `This migration runs outside a transaction: when a later statement fails \(line 5\), what line 4 did \(.ALTER TABLE users ADD COLUMN nick text.\) stays, and running it again stops there \(“column "nick" of relation "users" already exists”\)`
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_nick ON users (nick);
-- +goose Down
DROP INDEX CONCURRENTLY users_nick;
ALTER TABLE users DROP COLUMN nick;
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
