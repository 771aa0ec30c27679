ALTER TABLE billing.invoices DROP COLUMN IF EXISTS "vatRate"; -- want `Dropping .billing\.invoices\.vatRate. makes every statement of the running code that names it fail \(“column "vatRate" does not exist”\) until the new version is everywhere, and the values in .billing\.invoices. cannot be brought back`
-- file: base/db/migrations/0001_users.sql
CREATE SCHEMA billing;
CREATE TABLE billing.invoices (id bigint PRIMARY KEY, "vatRate" numeric);
