-- A domain that checks nothing is its base type.
ALTER TABLE payments ADD COLUMN note label DEFAULT '';
CREATE TABLE refunds (id bigint PRIMARY KEY);
ALTER TABLE refunds ADD COLUMN amount positive_amount DEFAULT 0;
-- file: base/db/migrations/0001_payments.sql
CREATE DOMAIN positive_amount AS numeric(12,2) CHECK (VALUE >= 0);
CREATE DOMAIN label AS text;
CREATE TABLE payments (id bigint PRIMARY KEY);
