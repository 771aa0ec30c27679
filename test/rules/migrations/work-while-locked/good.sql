-- path: migrations/20240102000000_status.sql
-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE orders ADD COLUMN IF NOT EXISTS status text;
UPDATE orders SET status = 'paid' WHERE id IN (SELECT id FROM orders WHERE status IS NULL AND paid_at IS NOT NULL LIMIT 1000);
-- +goose Down
ALTER TABLE orders DROP COLUMN status;
-- file: migrations/20240103000000_seed.sql
-- +goose Up
ALTER TABLE plans ADD COLUMN price int;
-- Rows that an index finds, and literal ones.
UPDATE plans SET price = 10 WHERE id = 1;
INSERT INTO plans (id, price) VALUES (2, 20);
-- +goose Down
ALTER TABLE plans DROP COLUMN price;
-- file: base/migrations/20240101000000_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint PRIMARY KEY, paid_at timestamptz);
CREATE TABLE plans (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE orders, plans;
