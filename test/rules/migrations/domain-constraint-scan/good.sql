ALTER DOMAIN amount ADD CONSTRAINT amount_positive CHECK (VALUE >= 0) NOT VALID;
-- No table has a column of it.
ALTER DOMAIN label ADD CONSTRAINT label_short CHECK (length(VALUE) < 80);
ALTER DOMAIN amount DROP NOT NULL;
-- file: base/db/migrations/0001_payments.sql
CREATE DOMAIN amount AS numeric(12,2) NOT NULL;
CREATE DOMAIN label AS text;
CREATE TABLE payments (id bigint PRIMARY KEY, total amount);
