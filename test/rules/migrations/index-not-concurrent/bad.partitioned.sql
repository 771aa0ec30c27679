CREATE INDEX ON events (kind); -- want `SHARE lock, which blocks every write of its partitions`
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id bigint, kind text, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
