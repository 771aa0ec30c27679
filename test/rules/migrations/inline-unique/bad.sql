ALTER TABLE users ADD COLUMN handle text UNIQUE; -- want `UNIQUE on the new column .users\.handle. builds an index over all of .users. while it holds an ACCESS EXCLUSIVE lock, which blocks every read and write, until the index is built`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
