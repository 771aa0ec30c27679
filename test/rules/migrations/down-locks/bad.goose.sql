-- path: migrations/00002_null.sql
-- +goose Up
ALTER TABLE shop.orders ALTER COLUMN note DROP NOT NULL;
-- +goose Down
ALTER TABLE shop.orders ALTER COLUMN note SET NOT NULL; -- want `The down direction works through .shop\.orders. \(line 5: .*\) while it holds an ACCESS EXCLUSIVE lock`
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text NOT NULL);
-- +goose Down
DROP TABLE shop.orders;
