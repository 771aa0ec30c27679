VACUUM orders;
-- file: db/migrations/0003_logged.sql
-- It is logged.
ALTER TABLE orders SET LOGGED;
CREATE UNLOGGED TABLE staging (id bigint);
ALTER TABLE staging SET LOGGED;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
