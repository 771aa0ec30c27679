-- Unique before, with more columns now; all NULL, which is no double; born here.
CREATE UNIQUE INDEX CONCURRENTLY users_email_age ON users (email, age);
-- file: db/migrations/0003_token.sql
CREATE TABLE teams (id bigint PRIMARY KEY, name text, code text);
CREATE UNIQUE INDEX teams_name ON teams (name);
ALTER TABLE teams ALTER COLUMN code TYPE integer USING code::integer;
-- file: db/migrations/0004_again.sql
DELETE FROM users USING users other WHERE users.email = other.email AND users.id > other.id AND users.id = 7;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, age varchar(10));
CREATE UNIQUE INDEX users_email ON users (email);
