-- path: migrations/000002_mail.up.sql
ALTER TABLE users DROP COLUMN mail;
-- file: migrations/000002_mail.down.sql
ALTER TABLE users ADD COLUMN mail text NOT NULL; -- want `fails as soon as the tables hold rows: .ALTER TABLE users ADD COLUMN mail text NOT NULL.`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text NOT NULL);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
