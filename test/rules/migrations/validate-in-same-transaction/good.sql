-- path: migrations/20240103000000_validate.sql
-- +goose Up
ALTER TABLE orders VALIDATE CONSTRAINT orders_user_fk;
-- +goose Down
SELECT 1;
-- file: migrations/20240102000000_fk.sql
-- +goose Up
ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- +goose Down
ALTER TABLE orders DROP CONSTRAINT orders_user_fk;
-- file: base/migrations/20240101000000_orders.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
-- +goose Down
DROP TABLE orders, users;
