-- No history creates it: it was there.
DROP TABLE legacy_imports; -- want `Dropping .legacy_imports. \(line 2\) and database .warehouse. \(line 3\) makes every statement`
DROP DATABASE warehouse;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
