ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- file: db/migrations/0003_validate.sql
ALTER TABLE orders VALIDATE CONSTRAINT orders_user_fk;
-- file: db/migrations/0004_payments.sql
CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint);
ALTER TABLE payments ADD FOREIGN KEY (order_id) REFERENCES orders (id);
ALTER TABLE orders ADD COLUMN payment_id bigint REFERENCES payments (id);
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
