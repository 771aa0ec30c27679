DROP INDEX orders_customer_idx; -- want `Dropping index .orders_customer_idx. takes an ACCESS EXCLUSIVE lock, which blocks every read and write of .orders. \(a busy table\): it waits for every transaction`
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
CREATE INDEX orders_customer_idx ON orders (customer_id);
-- file: base/.github/belay.yml
version: 1
tables: { orders: { hot: true } }
