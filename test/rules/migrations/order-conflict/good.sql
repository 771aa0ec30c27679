-- path: migrations/2024-01-02-000000_teams/up.sql
-- Late, and diesel runs it all the same; nothing else is about teams.
CREATE TABLE teams (id bigint PRIMARY KEY);
-- file: migrations/2024-01-02-000000_teams/down.sql
DROP TABLE teams;
-- file: base/diesel.toml
[print_schema]
-- file: base/migrations/2024-01-01-000000_users/up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/migrations/2024-01-01-000000_users/down.sql
DROP TABLE users;
-- file: base/migrations/2024-01-03-000000_nick/up.sql
ALTER TABLE users ADD COLUMN nick text;
-- file: base/migrations/2024-01-03-000000_nick/down.sql
ALTER TABLE users DROP COLUMN nick;
