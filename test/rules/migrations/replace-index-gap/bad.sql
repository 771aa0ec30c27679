-- path: db/migrations/20240102_events.sql
-- migrate:up transaction:false
DROP INDEX CONCURRENTLY events_account_idx; -- want `Index .events_account_idx. is dropped before .events_account_at_idx. is built \(line 4\): until that is done queries by .account_id. read all of .events.`
CREATE INDEX CONCURRENTLY events_account_at_idx ON events (account_id, at);
-- migrate:down transaction:false
DROP INDEX CONCURRENTLY events_account_at_idx;
-- file: base/db/migrations/20240101_events.sql
-- migrate:up
CREATE TABLE events (id bigint PRIMARY KEY, account_id bigint, at timestamptz);
CREATE INDEX events_account_idx ON events (account_id);
-- migrate:down
DROP TABLE events;
