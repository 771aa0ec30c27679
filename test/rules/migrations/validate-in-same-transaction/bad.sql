-- path: migrations/20240102000000_fk.sql
-- +goose Up
ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_user_fk; -- want `VALIDATE CONSTRAINT .orders_user_fk. reads every row of .orders. while the same transaction still holds a SHARE ROW EXCLUSIVE lock, which blocks every write, taken on line 3`
-- +goose Down
ALTER TABLE orders DROP CONSTRAINT orders_user_fk;
-- file: base/migrations/20240101000000_orders.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
-- +goose Down
DROP TABLE orders, users;
