-- path: migrations/000002_kind.up.sql
UPDATE dependencies SET kind = 0 WHERE kind IS NULL; -- want `The rows of .dependencies. that this UPDATE touches stay locked until the transaction ends, and before it can end line 3 \(.ALTER TABLE dependencies ALTER COLUMN kind SET NOT NULL.\) has to wait for its ACCESS EXCLUSIVE lock on the same table`
ALTER TABLE dependencies ALTER COLUMN kind SET NOT NULL;
-- file: base/migrations/000001_init.up.sql
CREATE TABLE dependencies (id bigint PRIMARY KEY, kind int);
