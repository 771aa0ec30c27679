ALTER TABLE orders ADD COLUMN discount int CHECK (discount BETWEEN 0 AND 100); -- want `The CHECK on the new column .orders\.discount. makes Postgres read every row of .orders. while it holds an ACCESS EXCLUSIVE lock`
ALTER TABLE IF EXISTS public."Line Items"
  ADD COLUMN note text,
  ADD COLUMN quantity int NOT NULL DEFAULT 1 CONSTRAINT at_least_one CHECK (quantity > 0); -- want `.Line Items\.quantity.`
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE "Line Items" (id bigint PRIMARY KEY);
