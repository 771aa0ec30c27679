-- path: db/migration/V2__teams.sql
CREATE TABLE teams (id bigint PRIMARY KEY); -- want `.2. has the same version as .db/migration/V2__nick\.sql.: Flyway refuses to start`
-- file: base/db/migration/V1__users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/db/migration/V2__nick.sql
ALTER TABLE users ADD COLUMN nick text;
