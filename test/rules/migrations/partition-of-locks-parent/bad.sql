CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); -- want `Creating .events_2025. in place takes an ACCESS EXCLUSIVE lock, which blocks every read and write of .events. \(4,000 queries a second\) with all its partitions`
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
-- file: base/.github/belay.yml
version: 1
tables: { events: { qps: 4000 } }
