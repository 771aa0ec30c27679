-- path: migrations/000003_teams.up.sql
CREATE TABLE teams (id bigint PRIMARY KEY); -- want `The down direction of this migration is missing, while 2 of the 2 before it have one: a rollback stops here and cannot undo .CREATE TABLE teams \(id bigint PRIMARY KEY\).`
-- file: migrations/000004_mail.up.sql
ALTER TABLE users ADD COLUMN mail text;
-- file: migrations/000004_mail.down.sql
-- nothing yet -- want `The down direction of this migration is empty, while 2 of the 3 before it have one: a rollback records it as undone and leaves what it did: .ALTER TABLE users ADD COLUMN mail text.`
-- file: base/migrations/000001_users.up.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/migrations/000001_users.down.sql
DROP TABLE users;
-- file: base/migrations/000002_nick.up.sql
ALTER TABLE users ADD COLUMN nick text;
-- file: base/migrations/000002_nick.down.sql
ALTER TABLE users DROP COLUMN nick;
