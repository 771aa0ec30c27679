-- path: migrations/000002_kind.up.sql
UPDATE dependencies SET kind = 0 WHERE kind IS NULL; -- want `The rows of .dependencies. that this UPDATE touches stay locked until the transaction ends, and before it can end line 3 \(.ALTER TABLE dependencies ALTER COLUMN kind SET DEFAULT 0.\) has to wait for its ACCESS EXCLUSIVE lock on the same table`
ALTER TABLE dependencies ALTER COLUMN kind SET DEFAULT 0;
-- file: migrations/000003_heavy.up.sql
-- SET NOT NULL has a finding that asks to take the two apart.
UPDATE dependencies SET name = '' WHERE name IS NULL;
ALTER TABLE dependencies ALTER COLUMN name SET NOT NULL; -- want migrations/set-not-null `.dependencies.name.`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE dependencies (id bigint PRIMARY KEY, kind int, name text);
