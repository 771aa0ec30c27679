-- path: migrations/000002_tenant.up.sql
ALTER TABLE notes ADD COLUMN tenant_id uuid;
ALTER TABLE notes ADD CONSTRAINT notes_tenant CHECK (tenant_id IS NOT NULL) NOT VALID; -- want `.notes\.tenant_id. is new and ends up NOT NULL without a default`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE notes (id bigint PRIMARY KEY);
