BEGIN;
ALTER TABLE users ADD COLUMN phone text;
CREATE UNIQUE INDEX CONCURRENTLY users_phone_idx ON users (phone); -- want `this one stands between BEGIN and COMMIT`
COMMIT;
-- Behind COMMIT it works.
DROP INDEX CONCURRENTLY users_email_idx;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email_idx ON users (email);
