ALTER TABLE measurements DETACH PARTITION measurements_2020; -- want `Detaching .measurements_2020. takes an ACCESS EXCLUSIVE lock, which blocks every read and write of .measurements. with all its partitions`
-- file: base/db/migrations/0001_measurements.sql
CREATE TABLE measurements (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE measurements_2020 PARTITION OF measurements FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
