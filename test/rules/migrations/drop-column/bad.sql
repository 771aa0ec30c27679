ALTER TABLE users DROP COLUMN legacy; -- want `Dropping .users\.legacy. \(line 1\), .users\.oldName. \(line 3\) and .users\.region. \(line 4\) makes every statement of the running code that names one of them fail \(“column "legacy" does not exist”\).* It takes index .users_region_name. along`
ALTER TABLE IF EXISTS public.users
  DROP COLUMN IF EXISTS "oldName",
  DROP COLUMN region CASCADE;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, legacy text, "oldName" text, region text, code text, name text);
CREATE INDEX users_region_name ON users (region, name);
