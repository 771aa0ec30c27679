ALTER DOMAIN amount ADD CONSTRAINT amount_positive CHECK (VALUE >= 0); -- want `Adding .amount_positive. reads every row of .payments., .refunds. while it holds a SHARE lock, which blocks every write there, since they have columns of domain .amount.`
ALTER DOMAIN email SET NOT NULL; -- want `SET NOT NULL on the domain reads every row of .payments.`
-- file: base/db/migrations/0001_payments.sql
CREATE DOMAIN amount AS numeric(12,2);
CREATE DOMAIN email AS text;
CREATE TABLE payments (id bigint PRIMARY KEY, total amount, payer email);
CREATE TABLE refunds (id bigint PRIMARY KEY, total amount);
