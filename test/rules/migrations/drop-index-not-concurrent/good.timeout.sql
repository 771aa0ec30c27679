SET lock_timeout = '3s';
DROP INDEX orders_customer_idx;
-- file: db/migrations/0003_gently.sql
DROP INDEX CONCURRENTLY orders_total_idx;
-- file: db/migrations/0004_born_here.sql
CREATE TABLE carts (id bigint PRIMARY KEY, total bigint);
CREATE INDEX carts_total_idx ON carts (total);
DROP INDEX carts_total_idx;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, total bigint);
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE INDEX orders_total_idx ON orders (total);
-- file: base/.github/belay.yml
version: 1
tables: { orders: { hot: true }, carts: { rows: 5000000 } }
