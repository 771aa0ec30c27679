ALTER TABLE orders ALTER COLUMN id TYPE bigint; -- want `Changing .orders\.id. from integer to bigint writes all of .orders. and its indexes anew, while it holds an ACCESS EXCLUSIVE lock`
ALTER TABLE "Order"
  ADD COLUMN note text,
  ALTER COLUMN "meta" SET DATA TYPE jsonb USING "meta"::jsonb; -- want `.Order\.meta. from json to jsonb`
ALTER TABLE orders ALTER COLUMN code TYPE text USING lower(code); -- want `.orders\.code. from varchar\(20\) to text`
SET timezone = 'Europe/Berlin';
ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz; -- want `.orders\.placed_at. from timestamp to timestamptz`
-- The history does not show this table.
ALTER TABLE legacy ALTER COLUMN total TYPE bigint; -- want `unless both types store the same bytes`
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id int PRIMARY KEY, code varchar(20), placed_at timestamp);
CREATE TABLE "Order" (id bigint PRIMARY KEY, meta json);
