ALTER TABLE products ALTER COLUMN total SET EXPRESSION AS (price * quantity * 1.19); -- want `Another expression for the stored column .products\.total.`
-- file: base/db/migrations/0001_products.sql
CREATE TABLE products (id bigint PRIMARY KEY, price numeric(10,2), quantity int, total numeric GENERATED ALWAYS AS (price * quantity) STORED);
-- file: base/.github/belay.yml
version: 1
database: { target: postgres@17 }
