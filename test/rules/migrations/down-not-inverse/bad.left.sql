-- path: migrations/000002_teams.up.sql
CREATE TYPE role AS ENUM ('owner', 'guest');
CREATE TABLE teams (id bigint PRIMARY KEY, role role NOT NULL);
-- file: migrations/000002_teams.down.sql
DROP TABLE teams; -- want `.enum role. is still there`
-- file: base/migrations/000001_init.up.sql
CREATE TABLE users (id bigint PRIMARY KEY, mail text);
-- file: base/migrations/000001_init.down.sql
DROP TABLE users;
