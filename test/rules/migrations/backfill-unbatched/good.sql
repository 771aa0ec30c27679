-- Constants, a row that a query finds, a batch, literal rows, dirty rows.
UPDATE users SET role = 'member' WHERE role = 'guest';
UPDATE users SET team_id = (SELECT id FROM teams WHERE name = 'core') WHERE id = (SELECT owner FROM teams WHERE name = 'core');
WITH batch AS (SELECT id FROM users WHERE seen IS NULL LIMIT 1000) UPDATE users SET seen = now() FROM batch WHERE users.id = batch.id;
INSERT INTO teams (id, name) VALUES (7, 'core');
DELETE FROM users WHERE email IS NULL;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, role text, team_id bigint, seen timestamptz);
CREATE TABLE teams (id bigint PRIMARY KEY, name text, owner bigint);
