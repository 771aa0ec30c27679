ALTER TABLE plans ADD COLUMN name text NOT NULL;
-- file: base/db/migrations/0001_plans.sql
CREATE TABLE plans (id bigint PRIMARY KEY);
-- file: base/.github/belay.yml
version: 1
tables: { plans: { rows: 0 } }
