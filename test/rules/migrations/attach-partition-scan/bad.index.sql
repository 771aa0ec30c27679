-- The bound is proven, but an index is built on the spot.
ALTER TABLE measurements ATTACH PARTITION measurements_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01'); -- want `reads every row of .measurements_2023.`
-- file: base/db/migrations/0001_measurements.sql
CREATE TABLE measurements (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE INDEX measurements_id_idx ON measurements (id);
CREATE TABLE measurements_2023 (id bigint, taken date NOT NULL);
ALTER TABLE measurements_2023 ADD CONSTRAINT bound CHECK (taken IS NOT NULL AND taken >= '2023-01-01' AND taken < '2024-01-01');
