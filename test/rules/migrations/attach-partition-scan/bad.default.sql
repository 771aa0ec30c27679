-- Rows of the default partition could belong to the new one.
CREATE TABLE measurements_2025 PARTITION OF measurements FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); -- want `Attaching .measurements_2025. to .measurements. reads every row of the default partition .measurements_rest.`
-- file: base/db/migrations/0001_measurements.sql
CREATE TABLE measurements (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE measurements_rest PARTITION OF measurements DEFAULT;
