-- One row by key, and literal rows: no backfill.
UPDATE settings SET value = 'on' WHERE name = 'search';
INSERT INTO settings (name, value) VALUES ('mail', 'off');
CREATE TABLE mails (id bigint PRIMARY KEY);
-- Rows of a table born here.
INSERT INTO mails SELECT id FROM users;
UPDATE mails SET id = id + 1 WHERE id IS NOT NULL;
CREATE INDEX mails_id ON mails (id);
-- file: base/db/migrations/0001_all.sql
CREATE TABLE settings (name text PRIMARY KEY, value text);
CREATE TABLE users (id bigint PRIMARY KEY);
