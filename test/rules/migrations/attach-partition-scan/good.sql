-- Proved by a check that an earlier migration validated.
ALTER TABLE measurements ATTACH PARTITION measurements_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
-- Born here and empty.
CREATE TABLE measurements_2025 (id bigint, taken date NOT NULL);
ALTER TABLE measurements ATTACH PARTITION measurements_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- file: base/db/migrations/0001_measurements.sql
CREATE TABLE measurements (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE measurements_2023 (id bigint, taken date NOT NULL);
ALTER TABLE measurements_2023 ADD CONSTRAINT bound CHECK (taken IS NOT NULL AND taken >= '2023-01-01' AND taken < '2024-01-01');
