-- The old name lives on as a view.
ALTER TABLE users RENAME TO accounts;
CREATE VIEW users AS SELECT * FROM accounts;
-- Swapped: the old name is there again at the end.
CREATE TABLE orders_new (id bigint);
ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE orders_new RENAME TO orders;
-- Nobody names these.
ALTER INDEX orders_idx RENAME TO orders_index;
ALTER TABLE items RENAME CONSTRAINT items_pkey TO items_key;
-- Born here.
CREATE TABLE fresh (a int);
ALTER TABLE fresh RENAME COLUMN a TO b;
ALTER TABLE fresh RENAME TO young;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint);
CREATE INDEX orders_idx ON orders (id);
CREATE TABLE items (id bigint PRIMARY KEY);
