ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0); -- want `CHECK .total_positive. is compared with every row of .orders. while it holds an ACCESS EXCLUSIVE lock, which blocks every read and write`
ALTER TABLE "Order"
  ADD COLUMN note text,
  ADD CHECK (length("Title") > 0); -- want `.Order_Title_check. is compared with every row of .Order.`
-- Another schema's table of the same name is new; this one is not.
CREATE SCHEMA s9;
CREATE TABLE s9.orders (id bigint, total bigint);
ALTER TABLE s9.orders ADD CONSTRAINT t CHECK (total >= 0);
ALTER TABLE public.orders ADD CONSTRAINT tax_positive CHECK (tax >= 0); -- want `.tax_positive.`
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, total bigint, tax bigint);
CREATE TABLE "Order" (id bigint PRIMARY KEY, "Title" text);
