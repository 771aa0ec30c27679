-- path: migrations/000002_mail.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- file: migrations/000002_mail.down.sql
ALTER TABLE users DROP COLUMN phone;
-- file: migrations/000003_teams.up.sql
CREATE TABLE teams (id bigint PRIMARY KEY);
-- file: migrations/000003_teams.down.sql
DROP TABLE teams;
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
