CREATE INDEX events_kind_idx ON events (kind); -- want `Building index .events_kind_idx. reads all 2 partitions of .events. in one statement while it holds a SHARE lock, which blocks every write of each, until the last index is built`
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id bigint, kind text, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
