ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;
CREATE TABLE invoices (id bigint PRIMARY KEY, total bigint);
ALTER TABLE invoices ADD CONSTRAINT total_positive CHECK (total >= 0);
-- file: db/migrations/0003_validate.sql
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, total bigint);
