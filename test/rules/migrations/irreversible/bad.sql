-- path: migrations/2024-01-02-000000_merge/up.sql
ALTER TABLE users ADD COLUMN kind text;
-- file: migrations/2024-01-02-000000_merge/down.sql
DO $$ BEGIN RAISE EXCEPTION 'the accounts are merged'; END $$; -- want `The down direction of this migration says that it cannot be undone \(.DO .. BEGIN RAISE EXCEPTION .*\): a rollback of this release, or of any later one, stops here`
-- file: diesel.toml
[print_schema]
-- file: base/migrations/2024-01-01-000000_init/up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/migrations/2024-01-01-000000_init/down.sql
DROP TABLE users;
