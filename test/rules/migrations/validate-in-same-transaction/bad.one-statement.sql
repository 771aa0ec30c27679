-- path: migrations/20240102000000_check.sql
-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE orders
  ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID,
  VALIDATE CONSTRAINT total_positive; -- want `ACCESS EXCLUSIVE lock, which blocks every read and write, taken by the same statement`
-- In a transaction of its own the lock is weak.
ALTER TABLE orders VALIDATE CONSTRAINT tax_positive;
-- +goose Down
ALTER TABLE orders DROP CONSTRAINT total_positive;
-- file: base/migrations/20240101000000_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint PRIMARY KEY, total bigint, tax bigint);
ALTER TABLE orders ADD CONSTRAINT tax_positive CHECK (tax >= 0) NOT VALID;
-- +goose Down
DROP TABLE orders;
