-- path: migrations/2024-01-02-000000_type/up.sql
ALTER TABLE users ALTER COLUMN nick TYPE varchar(80); -- want `.2024-01-02-000000_type. is older than .2024-01-03-000000_drop., which is merged already: diesel runs this one behind it where that one has run, and before it on new databases: both change .users\.nick.`
-- file: migrations/2024-01-02-000000_type/down.sql
ALTER TABLE users ALTER COLUMN nick TYPE text;
-- file: base/diesel.toml
[print_schema]
-- file: base/migrations/2024-01-01-000000_users/up.sql
CREATE TABLE users (id bigint PRIMARY KEY, nick varchar(40));
-- file: base/migrations/2024-01-01-000000_users/down.sql
DROP TABLE users;
-- file: base/migrations/2024-01-03-000000_drop/up.sql
ALTER TABLE users ALTER COLUMN nick SET DEFAULT '';
-- file: base/migrations/2024-01-03-000000_drop/down.sql
ALTER TABLE users ALTER COLUMN nick DROP DEFAULT;
