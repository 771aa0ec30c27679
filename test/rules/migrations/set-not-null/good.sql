-- Proved by a check that an earlier migration validated.
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT email_present;
-- Not null already.
ALTER TABLE users ALTER COLUMN id SET NOT NULL;
-- Born here.
CREATE TABLE invoices (id bigint PRIMARY KEY, total bigint);
ALTER TABLE invoices ALTER COLUMN total SET NOT NULL;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
ALTER TABLE users ADD CONSTRAINT email_present CHECK (email IS NOT NULL AND email <> '') NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT email_present;
