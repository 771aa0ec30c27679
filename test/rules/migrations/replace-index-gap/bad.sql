-- path: db/migrations/20240102_events.sql
-- +goose NO TRANSACTION
-- +goose Up
DROP INDEX CONCURRENTLY events_account_idx; -- want `Index .events_account_idx. is dropped before .events_account_at_idx. is built \(line 5\): until that is done queries by .account_id. read all of .events.`
CREATE INDEX CONCURRENTLY events_account_at_idx ON events (account_id, at);
-- +goose Down
DROP INDEX CONCURRENTLY events_account_at_idx;
-- file: base/db/migrations/20240101_events.sql
-- +goose Up
CREATE TABLE events (id bigint PRIMARY KEY, account_id bigint, at timestamptz);
CREATE INDEX events_account_idx ON events (account_id);
-- +goose Down
DROP TABLE events;
