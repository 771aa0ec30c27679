ALTER TABLE orders ALTER COLUMN id TYPE int; -- want `Changing .orders\.id. from bigint to integer fails on the first value beyond 2,147,483,647, and writes all of .orders. anew while it holds an ACCESS EXCLUSIVE lock`
ALTER TABLE orders ALTER COLUMN code TYPE varchar(8); -- want `fails on the first value longer than 8 characters`
ALTER TABLE orders ALTER COLUMN note TYPE varchar(100) USING note::varchar(100); -- want `loses everything behind the 100th character in every row`
ALTER TABLE orders ALTER COLUMN total TYPE numeric(8,2); -- want `fails on the first value with more than 6 digits before the point`
ALTER TABLE orders ALTER COLUMN rate TYPE numeric(10,2); -- want `loses digits behind the 2nd decimal place`
ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz(0); -- want `loses fractions of a second`
ALTER TABLE orders ALTER COLUMN weight TYPE real; -- want `loses digits behind the 6th`
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(20), note text, total numeric(10,2), rate numeric(12,4), placed_at timestamptz, weight double precision);
