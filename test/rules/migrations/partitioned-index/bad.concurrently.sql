CREATE UNIQUE INDEX CONCURRENTLY events_id_at_key ON app.events (id, at); -- want `Building index .events_id_at_key. fails: .app\.events. is partitioned`
-- file: base/db/migrations/0001_events.sql
CREATE SCHEMA app;
CREATE TABLE app.events (id bigint, kind text, at date NOT NULL) PARTITION BY RANGE (at);
