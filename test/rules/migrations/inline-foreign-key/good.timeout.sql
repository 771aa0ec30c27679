SET lock_timeout = '2s';
ALTER TABLE comments ADD COLUMN author_id bigint REFERENCES users (id);
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE comments (id bigint PRIMARY KEY);
-- file: base/.github/belay.yml
version: 1
tables: { users: { hot: true } }
