CLUSTER orders USING orders_placed_idx; -- want `CLUSTER writes all of .orders. and the indexes anew while it holds an ACCESS EXCLUSIVE lock`
ALTER TABLE "Session" SET LOGGED; -- want `SET LOGGED writes all of .Session.`
ALTER TABLE orders SET TABLESPACE fast; -- want `SET TABLESPACE .fast. writes all of .orders.`
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz);
CREATE INDEX orders_placed_idx ON orders (placed_at);
CREATE UNLOGGED TABLE "Session" (id bigint PRIMARY KEY);
