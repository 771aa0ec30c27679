ALTER TABLE users DROP COLUMN legacy; -- want `Dropping .users\.legacy. makes every statement of the running code that names it fail \(“column "legacy" does not exist”\)`
ALTER TABLE IF EXISTS public.users
  DROP COLUMN IF EXISTS "oldName", -- want `.users\.oldName.`
  DROP COLUMN region CASCADE; -- want `takes constraint .users_region_code_key. and index .users_region_name. along`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, legacy text, "oldName" text, region text, code text, name text, UNIQUE (region, code));
CREATE INDEX users_region_name ON users (region, name);
