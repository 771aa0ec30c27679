ALTER TABLE payments ADD COLUMN fee positive_amount DEFAULT 0; -- want `Adding .payments\.fee. of domain .positive_amount., which has constraints, writes all of .payments. and its indexes anew`
-- A domain over a domain with a check.
ALTER TABLE payments ADD COLUMN tip small_amount; -- want `.small_amount.`
-- file: base/db/migrations/0001_payments.sql
CREATE DOMAIN positive_amount AS numeric(12,2) CHECK (VALUE >= 0);
CREATE DOMAIN small_amount AS positive_amount;
CREATE TABLE payments (id bigint PRIMARY KEY, amount positive_amount);
