ALTER TABLE orders ADD COLUMN customer_id bigint;
UPDATE orders SET customer_id = (SELECT id FROM customers WHERE customers.email = orders.email) WHERE id = 1;
ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL; -- want `.orders\.customer_id. \(line 3\) and .Invoice\.currency. \(line 6\) are new and end up NOT NULL without a default: every INSERT of the running code into .orders. and .Invoice., which does not know them, fails \(“null value in column "customer_id" of relation "orders" violates not-null constraint”\)`
-- As Django writes it.
ALTER TABLE "Invoice" ADD COLUMN "currency" varchar(3) DEFAULT 'EUR' NOT NULL;
ALTER TABLE "Invoice" ALTER COLUMN "currency" DROP DEFAULT;
ALTER TABLE public.tokens ALTER COLUMN secret DROP DEFAULT; -- want `.tokens\.secret. loses its default and stays NOT NULL: every INSERT of the running code that leaves it out fails`
-- file: base/db/migrations/0001_all.sql
CREATE TABLE customers (id bigint PRIMARY KEY, email text);
CREATE TABLE orders (id bigint PRIMARY KEY, email text);
CREATE TABLE "Invoice" (id bigint PRIMARY KEY);
CREATE TABLE tokens (id bigint PRIMARY KEY, secret text NOT NULL DEFAULT md5('x'));
-- file: db/migrations/0009_renamed.sql
-- An old column under a new name: what fails of it, the rename tells.
ALTER TABLE actions RENAME COLUMN owner_id TO user_id;
ALTER TABLE actions ALTER COLUMN user_id SET NOT NULL;
-- file: base/db/migrations/0000_actions.sql
CREATE TABLE actions (id bigint PRIMARY KEY, owner_id bigint);
