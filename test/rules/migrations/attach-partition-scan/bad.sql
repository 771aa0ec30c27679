ALTER TABLE measurements ATTACH PARTITION measurements_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01'); -- want `Attaching .measurements_2023. to .measurements. reads every row of .measurements_2023. while it holds an ACCESS EXCLUSIVE lock`
-- file: base/db/migrations/0001_measurements.sql
CREATE TABLE measurements (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE measurements_2023 (id bigint, taken date NOT NULL);
