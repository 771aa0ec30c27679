-- path: migrations/000002_plan.up.sql
ALTER TABLE users ADD COLUMN plan text;
-- file: migrations/000002_plan.down.sql
ALTER TABLE users DROP COLUMN plan;
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
