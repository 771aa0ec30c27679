DROP TABLE customers CASCADE; -- want `On line 1 CASCADE drops, beside table .customers., view .active_customers., view .report. and constraint .orders_customer_fk. of .orders.\. On line 2 CASCADE drops, beside type .mood., column .notes\.mood.\. On line 3 CASCADE drops, beside function .touch., trigger .orders_touch. of .orders.\. On line 4 CASCADE deletes, beside table .accounts., every row of .logins. and every row of .devices.`
DROP TYPE IF EXISTS mood CASCADE;
DROP FUNCTION touch() CASCADE;
TRUNCATE accounts CASCADE;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
-- file: base/db/migrations/0001_all.sql
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE customers (id bigint PRIMARY KEY, active boolean);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint CONSTRAINT orders_customer_fk REFERENCES customers (id));
CREATE TABLE notes (id bigint PRIMARY KEY, mood mood);
CREATE VIEW active_customers AS SELECT id FROM customers WHERE active;
CREATE VIEW report AS SELECT count(*) FROM active_customers;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END; $$;
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE accounts (id bigint PRIMARY KEY);
CREATE TABLE logins (id bigint PRIMARY KEY, account_id bigint REFERENCES accounts);
CREATE TABLE devices (id bigint PRIMARY KEY, login_id bigint REFERENCES logins);
