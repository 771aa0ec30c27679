CREATE TABLE events (id serial PRIMARY KEY, at timestamp, kind char(3), price money, payload json, "userId" bigint REFERENCES users (id), "order" int); -- want `.events\.id. \(line 1\): is a serial; .events\.id. \(line 1\): is a primary key of 32 bits or less; .events\.at. \(line 1\): is a timestamp without time zone; .events\.kind. \(line 1\): is char\(3\), padded with spaces; .events\.price. \(line 1\): is money, whose currency hangs on a setting; .events\.payload. \(line 1\): is json; .events\.userId. \(line 1\): has capitals, so that it has to be quoted everywhere; .events\.order. \(line 1\): is a reserved word; .events\.userId. \(line 1\): is a foreign key without an index; .logs. \(line 2\): has no primary key; .tags. \(line 3\): has a UNIQUE NOT NULL key and no primary key; .users_mail. \(line 4\): is covered by .users_mail_name., which begins with its columns; .users_pk. \(line 5\): is the same index as .users_pkey.`
CREATE TABLE logs (line text);
CREATE TABLE tags (name text NOT NULL UNIQUE);
CREATE INDEX CONCURRENTLY users_mail ON users (mail);
CREATE INDEX CONCURRENTLY users_pk ON users (id);
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text, name text, old timestamp);
CREATE INDEX users_mail_name ON users (mail, name);
