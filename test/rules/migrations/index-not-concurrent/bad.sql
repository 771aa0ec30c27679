CREATE INDEX users_email_idx ON users (email); -- want `Building index .users_email_idx. reads all of .users. while it holds a SHARE lock, which blocks every write`
CREATE UNIQUE INDEX IF NOT EXISTS users_name_key ON public.users (lower(name)); -- want `unique index .users_name_key.`
create index on "Order" using gin (tags); -- want `reads all of .Order.`
-- Another schema's table of the same name is new; this one is not.
CREATE SCHEMA archive;
CREATE TABLE archive.users (id bigint, email text);
CREATE INDEX archive_email ON archive.users (email);
CREATE INDEX users_phone ON users (phone); -- want `.users_phone.`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, name text, phone text);
CREATE TABLE "Order" (id bigint PRIMARY KEY, tags text[]);
