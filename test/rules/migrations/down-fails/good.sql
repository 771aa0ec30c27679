-- path: migrations/000002_plan.up.sql
CREATE TABLE plans (id bigint PRIMARY KEY, name text);
-- file: migrations/000002_plan.down.sql
DROP TABLE plans;
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
