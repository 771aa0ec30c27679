-- file: diesel.toml
-- file: migrations/2024-01-02-000000_partitions/up.sql
ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY; -- want `diesel runs each migration in a transaction`
REINDEX INDEX CONCURRENTLY events_at_idx; -- want `REINDEX`
VACUUM events; -- want `.VACUUM events. fails`
-- file: migrations/2024-01-02-000000_partitions/down.sql
SELECT 1;
-- file: base/migrations/2024-01-01-000000_events/up.sql
CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX events_at_idx ON events_2020 (at);
-- file: base/migrations/2024-01-01-000000_events/down.sql
DROP TABLE events;
