ALTER TABLE users DROP COLUMN email; -- want `.ALTER TABLE users DROP COLUMN email. on line 1 drops .users\.email., which view .mails. and column .users\.mail_key. need: the server refuses it and the migration fails\. .ALTER TABLE users ALTER COLUMN age TYPE bigint. on line 2 changes the type of .users\.age., which view .adults. needs.*policy .own_rows.`
ALTER TABLE users ALTER COLUMN age TYPE bigint;
ALTER TABLE users ALTER COLUMN owner TYPE uuid USING owner::uuid;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, age int, owner text, mail_key text GENERATED ALWAYS AS (lower(email)) STORED);
CREATE VIEW mails AS SELECT id, email FROM users;
CREATE VIEW adults AS SELECT u.id FROM users u WHERE u.age > 17;
CREATE POLICY own_rows ON users USING (owner = current_user);
