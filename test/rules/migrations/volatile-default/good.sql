ALTER TABLE users ADD COLUMN a int NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN b timestamptz NOT NULL DEFAULT now();
ALTER TABLE users ADD COLUMN c timestamptz DEFAULT pg_catalog.now() + interval '1 day';
ALTER TABLE users ADD COLUMN d jsonb NOT NULL DEFAULT '{}'::jsonb, ADD COLUMN e text[] DEFAULT ARRAY[]::text[];
ALTER TABLE users ADD COLUMN f date DEFAULT CURRENT_DATE, ADD COLUMN g text DEFAULT lower('X'), ADD COLUMN h text DEFAULT NULL;
ALTER TABLE users ADD COLUMN i text DEFAULT fixed();
-- For new rows only.
ALTER TABLE users ADD COLUMN token uuid;
ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();
CREATE TABLE fresh (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
ALTER TABLE fresh ADD COLUMN other uuid DEFAULT gen_random_uuid();
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE FUNCTION fixed() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$;
