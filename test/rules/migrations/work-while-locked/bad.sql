-- path: migrations/20240102000000_status.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN status text;
UPDATE orders SET status = 'paid' WHERE paid_at IS NOT NULL; -- want `UPDATE goes through all of .orders. while the transaction still holds an ACCESS EXCLUSIVE lock, which blocks every read and write of it, taken on line 3 \(.ALTER TABLE orders ….\), until the transaction ends`
INSERT INTO paid_orders (id) SELECT id FROM orders; -- want `INSERT … SELECT goes through all of .orders.`
-- +goose Down
ALTER TABLE orders DROP COLUMN status;
-- file: base/migrations/20240101000000_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint PRIMARY KEY, paid_at timestamptz);
CREATE TABLE paid_orders (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE orders, paid_orders;
