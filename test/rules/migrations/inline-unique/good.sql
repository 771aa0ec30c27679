CREATE TABLE teams (id bigint PRIMARY KEY);
ALTER TABLE teams ADD COLUMN slug text UNIQUE;
-- It is there already.
ALTER TABLE users ADD COLUMN IF NOT EXISTS email text UNIQUE;
-- file: db/migrations/0003_handle.sql
ALTER TABLE users ADD COLUMN handle text;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);
