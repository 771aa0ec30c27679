ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
ALTER TABLE orders ALTER COLUMN code TYPE text USING code::text;
ALTER TABLE orders ALTER COLUMN total TYPE numeric(14,2);
ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz;
CREATE TABLE drafts (id int);
ALTER TABLE drafts ALTER COLUMN id TYPE bigint;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id int PRIMARY KEY, code varchar(20), total numeric(10,2), placed_at timestamp);
