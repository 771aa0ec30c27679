-- path: migrations/00002_orders.sql
-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE shop."Order" ALTER COLUMN total SET DEFAULT 0; -- want `waits for its ACCESS EXCLUSIVE lock on .shop\.Order. \(a busy table\)`
-- +goose Down
ALTER TABLE shop."Order" ALTER COLUMN total DROP DEFAULT;
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE SCHEMA shop;
CREATE TABLE shop."Order" (id bigint PRIMARY KEY, total bigint);
-- +goose Down
DROP TABLE shop."Order";
-- file: base/.github/belay.yml
version: 1
tables: { shop.Order: { hot: true } }
