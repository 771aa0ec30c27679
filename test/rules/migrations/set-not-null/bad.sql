ALTER TABLE users ALTER COLUMN email SET NOT NULL; -- want `reads every row of .users. while it holds an ACCESS EXCLUSIVE lock, which blocks every read and write`
ALTER TABLE public."Order" -- `"Order"` keeps its capital
  ADD COLUMN note text,
  ALTER COLUMN "customerId" SET NOT NULL; -- want `.Order\.customerId.`
-- A check on another column proves nothing about this one.
ALTER TABLE users ADD CONSTRAINT name_present CHECK (name IS NOT NULL) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT name_present;
ALTER TABLE users ALTER COLUMN phone SET NOT NULL; -- want `.users\.phone.`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, name text, phone text);
CREATE TABLE "Order" (id bigint PRIMARY KEY, "customerId" bigint);
