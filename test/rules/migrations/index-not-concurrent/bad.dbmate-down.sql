-- path: db/migrations/20240102_drop.sql
-- migrate:up transaction:false
DROP INDEX CONCURRENTLY users_email;
-- migrate:down transaction:false
CREATE INDEX users_email ON users (email); -- want migrations/down-locks `The down direction works through .users.`
-- file: base/db/migrations/20240101_users.sql
-- migrate:up
CREATE TABLE users (id bigint, email text);
CREATE INDEX users_email ON users (email);
-- migrate:down
DROP TABLE users;
