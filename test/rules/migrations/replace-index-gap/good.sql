CREATE INDEX CONCURRENTLY events_account_at_idx ON events (account_id, at);
DROP INDEX CONCURRENTLY events_account_idx;
-- file: db/migrations/0003_other_column.sql
-- Queries by `kind` keep another index.
DROP INDEX CONCURRENTLY events_kind_idx;
CREATE INDEX CONCURRENTLY events_kind_at_idx ON events (kind, at);
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id bigint PRIMARY KEY, account_id bigint, at timestamptz, kind text);
CREATE INDEX events_account_idx ON events (account_id);
CREATE INDEX events_kind_idx ON events (kind);
CREATE INDEX events_kind_id_idx ON events (kind, id);
