ALTER TABLE users ADD COLUMN nick text;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
ALTER ROLE migrator SET lock_timeout = '3s';
-- file: base/.github/belay.yml
version: 1
tables: { users: { hot: true } }
