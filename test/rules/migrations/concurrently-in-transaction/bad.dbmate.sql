-- path: db/migrations/20240102_events.sql
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY events_account_idx ON events (account_id); -- want `several statements are sent as one string`
DROP INDEX CONCURRENTLY events_kind_idx; -- want `several statements are sent as one string`
-- migrate:down transaction:false
DROP INDEX CONCURRENTLY events_account_idx;
-- file: base/db/migrations/20240101_events.sql
-- migrate:up
CREATE TABLE events (id bigint PRIMARY KEY, account_id bigint, kind text);
CREATE INDEX events_kind_idx ON events (kind);
-- migrate:down
DROP TABLE events;
