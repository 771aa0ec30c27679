-- path: migrations/000002_nick.up.sql
ALTER TABLE users ADD COLUMN nick text;
-- file: migrations/000002_nick.down.sql
ALTER TABLE users DROP COLUMN nick;
-- file: base/migrations/000001_users.up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/migrations/000001_users.down.sql
DROP TABLE users;
