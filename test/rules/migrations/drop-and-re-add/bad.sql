ALTER TABLE users DROP COLUMN nickname, ADD COLUMN nickname varchar(80); -- want `.users\.nickname. \(line 1\), .users\.region. \(line 2\) and .app\.accounts\.plan. \(line 7\) are dropped and added again empty`
ALTER TABLE public.users DROP COLUMN region;
ALTER TABLE ONLY users ADD region integer;
UPDATE users SET region = 0;
-- By way of another name, which nothing fills.
ALTER TABLE app.accounts ADD COLUMN plan_new text;
ALTER TABLE app.accounts
  DROP COLUMN plan;
ALTER TABLE app.accounts RENAME COLUMN plan_new TO plan;
-- file: base/db/migrations/0001_users.sql
CREATE SCHEMA app;
CREATE TABLE users (id bigint PRIMARY KEY, nickname varchar(40), region text);
CREATE TABLE app.accounts (id bigint PRIMARY KEY, plan varchar(20));
