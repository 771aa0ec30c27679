-- path: migrations/00002_states.sql
-- +goose NO TRANSACTION
-- +goose Up
ALTER TYPE state ADD VALUE 'paused';
ALTER TABLE users ADD COLUMN nick text; -- want `what line 5 did \(.ALTER TABLE users ADD COLUMN nick text.\) stays, and running it again stops at line 4 \(“enum label "paused" already exists”\)`
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_nick ON users (nick);
-- +goose Down
DROP INDEX CONCURRENTLY users_nick;
ALTER TABLE users DROP COLUMN nick;
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE TYPE state AS ENUM ('on');
CREATE TABLE users (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE users;
