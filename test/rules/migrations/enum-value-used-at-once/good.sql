-- path: migrations/00002_states.sql
-- +goose NO TRANSACTION
-- +goose Up
ALTER TYPE order_state ADD VALUE 'refunded';
UPDATE orders SET state = 'refunded' WHERE id = 7;
-- +goose Down
-- file: migrations/00003_more.sql
-- +goose Up
ALTER TYPE order_state ADD VALUE 'lost';
-- As text, of another column, or of an enum made here.
UPDATE orders SET note = 'lost' WHERE id = 8;
CREATE TYPE mood AS ENUM ('glad');
ALTER TYPE mood ADD VALUE 'sad';
CREATE TABLE notes (id bigint PRIMARY KEY, mood mood DEFAULT 'sad');
-- Committed by the migration before.
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'refunded';
-- +goose Down
DROP TABLE notes;
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE TYPE order_state AS ENUM ('open', 'done');
CREATE TABLE orders (id bigint PRIMARY KEY, state order_state, note text);
-- +goose Down
DROP TABLE orders;
