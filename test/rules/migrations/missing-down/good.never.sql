-- path: migrations/000003_teams.up.sql
CREATE TABLE teams (id bigint PRIMARY KEY);
-- file: base/migrations/000001_users.up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/migrations/000002_nick.up.sql
CREATE TABLE nicks (id bigint PRIMARY KEY);
