DROP TABLE sessions; -- want `Dropping .sessions. \(line 1\), .Audit. \(line 2\), .billing\.invoices. \(line 2\) and schema .reports. with its tables .daily. and .weekly. \(line 5\) makes every statement of the running code that names one of them fail \(“relation "sessions" does not exist”\)`
DROP TABLE IF EXISTS "Audit", billing.invoices CASCADE;
-- The history shows that it is not there.
DROP TABLE IF EXISTS never_there;
DROP SCHEMA reports CASCADE;
TRUNCATE tokens, public.devices RESTART IDENTITY; -- want `TRUNCATE deletes every row of .tokens. and .devices., and no revert brings them back`
-- Made anew, empty.
DROP TABLE settings; -- want `.settings. is dropped and made anew without the rows`
CREATE TABLE settings (id bigint PRIMARY KEY, value jsonb);
-- file: base/db/migrations/0001_all.sql
CREATE SCHEMA billing;
CREATE SCHEMA reports;
CREATE TABLE sessions (id bigint PRIMARY KEY);
CREATE TABLE "Audit" (id bigint PRIMARY KEY);
CREATE TABLE billing.invoices (id bigint PRIMARY KEY);
CREATE TABLE reports.daily (id bigint PRIMARY KEY);
CREATE TABLE reports.weekly (id bigint PRIMARY KEY);
CREATE TABLE tokens (id bigint PRIMARY KEY);
CREATE TABLE devices (id bigint PRIMARY KEY);
CREATE TABLE settings (id bigint PRIMARY KEY, value text);
