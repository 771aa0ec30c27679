-- file: migrations/2024-01-02-000000_slug/up.sql
ALTER TABLE crates ADD COLUMN IF NOT EXISTS slug varchar CONSTRAINT crates_slug_key UNIQUE; -- want `.crates\.slug.*and the transaction ends`
-- file: migrations/2024-01-02-000000_slug/down.sql
ALTER TABLE crates DROP COLUMN slug;
-- file: base/migrations/2024-01-01-000000_crates/up.sql
CREATE TABLE crates (id bigint PRIMARY KEY);
-- file: base/migrations/2024-01-01-000000_crates/down.sql
DROP TABLE crates;
