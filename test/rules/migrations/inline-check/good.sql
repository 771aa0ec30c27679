ALTER TABLE orders ADD COLUMN discount int;
ALTER TABLE orders ADD CONSTRAINT orders_discount_check CHECK (discount BETWEEN 0 AND 100) NOT VALID;
CREATE TABLE vouchers (id bigint PRIMARY KEY);
ALTER TABLE vouchers ADD COLUMN percent int CHECK (percent > 0);
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
