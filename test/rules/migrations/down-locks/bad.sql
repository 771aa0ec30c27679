-- path: migrations/000002_index.up.sql
DROP INDEX CONCURRENTLY users_mail;
-- file: migrations/000002_index.down.sql
CREATE INDEX users_mail ON users (mail); -- want `The down direction works through .users. \(lines 1 and 2: .CREATE INDEX users_mail ON users \(mail\).\) while it holds a SHARE lock, which blocks every write: a rollback in the middle of an incident makes it longer`
ALTER TABLE users ALTER COLUMN mail SET NOT NULL;
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text);
CREATE INDEX users_mail ON users (mail);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
