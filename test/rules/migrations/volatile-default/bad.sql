ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid(); -- want `writes all of .users. and its indexes anew, since .gen_random_uuid\(\). gives each row its own value, while it holds an ACCESS EXCLUSIVE lock`
ALTER TABLE public.users ADD COLUMN IF NOT EXISTS seen timestamptz NOT NULL DEFAULT clock_timestamp(); -- want `.clock_timestamp\(\).`
ALTER TABLE "users"
  ADD COLUMN a int,
  ADD COLUMN b double precision DEFAULT (random() * 10)::float8; -- want `.users\.b.`
ALTER TABLE users ADD COLUMN number bigint DEFAULT nextval('numbers'); -- want `nextval`
ALTER TABLE users ADD COLUMN slug text DEFAULT make_slug('x'); -- want `make_slug\(\). gives each row its own value`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE SEQUENCE numbers;
CREATE FUNCTION make_slug(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN $1 || random(); END; $$;
