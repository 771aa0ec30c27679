-- path: migrations/000002_key.up.sql
ALTER TABLE tokens ADD COLUMN code int NOT NULL DEFAULT 0 UNIQUE; -- want `.tokens\.code. holds its default .0. in every row`
-- file: migrations/000003_small.up.sql
CREATE UNIQUE INDEX settings_name ON settings (name); -- want `the same .name. so far`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE tokens (id bigint PRIMARY KEY);
CREATE TABLE settings (id bigint PRIMARY KEY, name text);
-- file: base/.github/belay.yml
version: 1
tables: { settings: { small: true } }
