-- path: migrations/000002_plan.up.sql
ALTER TABLE users DROP COLUMN plan;
-- file: migrations/000002_plan.down.sql
ALTER TABLE users ADD COLUMN plan text; -- want `Up and down lose what was in .users\.plan.: 3 of 3 seeded values of .users\.plan. are gone or others`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, plan text);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
