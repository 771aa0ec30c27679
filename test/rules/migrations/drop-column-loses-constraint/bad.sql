ALTER TABLE users DROP COLUMN region; -- want `Dropping .users\.region. on line 1 also drops the check .region_or_code. \(.region IS NOT NULL OR code IS NOT NULL.\): .*\. Dropping .users\.region. on line 1 also drops the unique constraint .users_region_code_key. on .region. and .code.: nothing keeps .code. from holding the same value in two rows of .users.`
ALTER TABLE public.memberships DROP COLUMN IF EXISTS "teamId", DROP COLUMN kind;
ALTER TABLE lines DROP COLUMN order_region;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, region text, code text, UNIQUE (region, code), CONSTRAINT region_or_code CHECK (region IS NOT NULL OR code IS NOT NULL));
CREATE TABLE memberships ("teamId" bigint, user_id bigint, kind text UNIQUE, PRIMARY KEY ("teamId", user_id));
CREATE UNIQUE INDEX one_team ON memberships (user_id, kind);
CREATE TABLE orders (region text, number bigint, PRIMARY KEY (region, number));
CREATE TABLE lines (id bigint PRIMARY KEY, order_region text, order_number bigint, CONSTRAINT lines_order FOREIGN KEY (order_region, order_number) REFERENCES orders);
