-- Never there.
ALTER TABLE users DROP COLUMN IF EXISTS never_there;
-- Came and went with this change.
ALTER TABLE users ADD COLUMN helper int;
UPDATE users SET helper = 1 WHERE id = 1;
ALTER TABLE users DROP COLUMN helper;
CREATE TABLE scratch (id bigint, x int);
ALTER TABLE scratch DROP COLUMN x;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
