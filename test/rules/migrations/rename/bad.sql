ALTER TABLE users RENAME COLUMN name TO full_name; -- want `Column .users\.name. becomes .full_name. while code that says .name. is running`
ALTER TABLE IF EXISTS public."Order" RENAME TO purchases; -- want `Table .Order. becomes .purchases.`
ALTER TYPE mood RENAME VALUE 'ok' TO 'okay'; -- want `Value .ok. of enum .mood. becomes .okay.`
ALTER TABLE users SET SCHEMA app; -- want `Table .users. becomes .app\.users.`
ALTER VIEW people RENAME TO persons; -- want `View .people. becomes .persons.`
ALTER SCHEMA billing RENAME TO money; -- want `Schema .billing. becomes .money.`
-- file: base/db/migrations/0001_users.sql
CREATE SCHEMA app;
CREATE SCHEMA billing;
CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE "Order" (id bigint);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE VIEW people AS SELECT id FROM users;
