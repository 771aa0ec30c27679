-- path: migrations/20240102000000_vacuum.sql
-- +goose NO TRANSACTION
-- +goose Up
VACUUM (FULL, ANALYZE) orders; -- want `VACUUM FULL writes all of .orders.`
-- +goose Down
SELECT 1;
-- file: base/migrations/20240101000000_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE orders;
