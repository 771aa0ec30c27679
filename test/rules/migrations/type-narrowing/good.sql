ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
ALTER TABLE orders ALTER COLUMN total TYPE numeric(14,2);
CREATE TABLE drafts (id bigint, title text);
ALTER TABLE drafts ALTER COLUMN title TYPE varchar(20);
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(20), total numeric(10,2));
