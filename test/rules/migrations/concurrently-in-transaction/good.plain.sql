-- Nothing says that this file is run in a transaction.
VACUUM orders;
ANALYZE orders;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
