-- Virtual: computed when it is read.
ALTER TABLE products ADD COLUMN total numeric GENERATED ALWAYS AS (price * quantity) VIRTUAL;
CREATE TABLE baskets (id bigint PRIMARY KEY, size int GENERATED ALWAYS AS (1) STORED);
-- file: base/db/migrations/0001_products.sql
CREATE TABLE products (id bigint PRIMARY KEY, price numeric(10,2), quantity int);
-- file: base/.github/belay.yml
version: 1
database: { target: postgres@18 }
