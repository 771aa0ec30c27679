-- path: migrations/000002_teams.up.sql
CREATE TABLE teams (id bigint PRIMARY KEY); -- want `.000002_teams. has the same version as .000002_nick.: golang-migrate refuses to start \(“duplicate migration file”\)`
-- file: migrations/000002_teams.down.sql
DROP TABLE teams;
-- file: base/go.mod
module example.com/shop
-- file: base/migrations/000001_users.up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/migrations/000001_users.down.sql
DROP TABLE users;
-- file: base/migrations/000002_nick.up.sql
ALTER TABLE users ADD COLUMN nick text;
-- file: base/migrations/000002_nick.down.sql
ALTER TABLE users DROP COLUMN nick;
