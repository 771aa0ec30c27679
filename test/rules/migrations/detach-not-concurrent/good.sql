ALTER TABLE measurements DETACH PARTITION measurements_2020 CONCURRENTLY;
-- file: db/migrations/0003_waits.sql
SET lock_timeout = '1s';
ALTER TABLE measurements DETACH PARTITION measurements_2021;
-- file: base/db/migrations/0001_measurements.sql
CREATE TABLE measurements (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE measurements_2020 PARTITION OF measurements FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE measurements_2021 PARTITION OF measurements FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
