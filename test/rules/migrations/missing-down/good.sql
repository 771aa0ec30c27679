-- path: db/migrations/20240103000000_seed.sql
-- migrate:up
INSERT INTO users (id) VALUES (1);
-- migrate:down
-- file: db/migrations/20240104000000_nick.sql
-- migrate:up
ALTER TABLE users ADD COLUMN nick text;
-- migrate:down
ALTER TABLE users DROP COLUMN nick;
-- file: base/db/migrations/20240101000000_users.sql
-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE users;
