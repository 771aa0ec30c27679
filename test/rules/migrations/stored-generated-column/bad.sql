ALTER TABLE products ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english', name)) STORED; -- want `Adding the stored column .products\.search. computes it for every row, so all of .products. and its indexes are written anew under an ACCESS EXCLUSIVE lock`
-- file: base/db/migrations/0001_products.sql
CREATE TABLE products (id bigint PRIMARY KEY, name text, price numeric(10,2), quantity int);
