DROP TABLE customers; -- want `.DROP TABLE customers. on line 1: the server refuses it and the migration fails \(“cannot drop table customers because other objects depend on it: constraint orders_customer_id_fkey on table orders”\)`
-- file: base/db/migrations/0001_all.sql
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id));
