-- path: migrations/000002_mail.up.sql
DROP INDEX CONCURRENTLY users_mail_key;
-- file: migrations/000002_mail.down.sql
CREATE INDEX CONCURRENTLY users_mail_key ON users (mail); -- want `After up and down the schema is not the one before: .index users_mail_key. is .CREATE INDEX .*, before it was .CREATE UNIQUE INDEX`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text);
CREATE UNIQUE INDEX users_mail_key ON users (mail);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
