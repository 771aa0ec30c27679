-- path: migrations/000002_plan.up.sql
ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';
-- file: migrations/000002_plan.down.sql
ALTER TABLE users DROP COLUMN plans; -- want `The down direction fails: .ALTER TABLE users DROP COLUMN plans. ends with .column "plans" of relation "users" does not exist. \(42703\), so a rollback stops there`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
