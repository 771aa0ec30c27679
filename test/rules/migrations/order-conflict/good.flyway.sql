-- path: db/migration/V10__teams.sql
CREATE TABLE teams (id bigint PRIMARY KEY);
-- file: db/migration/R__views.sql
CREATE OR REPLACE VIEW all_users AS SELECT id FROM users;
-- file: base/db/migration/V1__users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/db/migration/V9__nick.sql
ALTER TABLE users ADD COLUMN nick text;
