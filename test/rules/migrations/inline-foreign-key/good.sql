-- Both locks are brief, and nothing says that either table is busy.
ALTER TABLE comments ADD COLUMN author_id bigint REFERENCES users (id);
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE comments (id bigint PRIMARY KEY);
