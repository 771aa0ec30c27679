-- Several statements in a file whose runner is not known.
VACUUM FULL orders; -- want `VACUUM FULL writes all of .orders.`
ANALYZE orders;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
