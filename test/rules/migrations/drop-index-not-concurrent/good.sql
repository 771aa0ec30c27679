-- A moment's lock, and nothing says that it matters here.
DROP INDEX orders_customer_idx;
DROP INDEX IF EXISTS orders_gone_idx;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
CREATE INDEX orders_customer_idx ON orders (customer_id);
