UPDATE users SET email = lower(email) WHERE id IN (SELECT id FROM users WHERE email <> lower(email) LIMIT 5000);
UPDATE flags SET enabled = false WHERE name = 'beta';
DELETE FROM users WHERE id = 17;
-- Born here, or gone with the session.
CREATE TABLE plans (id bigint PRIMARY KEY, price bigint);
INSERT INTO plans (id, price) VALUES (1, 100);
UPDATE plans SET price = price * 100;
CREATE TEMPORARY TABLE doubles AS SELECT min(id) AS id FROM users GROUP BY email;
DELETE FROM doubles;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE flags (name text PRIMARY KEY, enabled boolean);
