-- path: services/api/migrations/000002_teams.up.sql
ALTER TABLE memberships DROP COLUMN team_id, DROP COLUMN kind; -- want `the primary key .memberships_pkey. on .team_id. and .user_id.: .memberships. has none from then on.* the unique index .one_team. on .user_id. and .kind.: nothing keeps .user_id. from`
ALTER TABLE lines DROP COLUMN order_region;
-- file: base/services/api/migrations/000001_init.up.sql
CREATE TABLE memberships (team_id bigint, user_id bigint, kind text UNIQUE, PRIMARY KEY (team_id, user_id));
CREATE UNIQUE INDEX one_team ON memberships (user_id, kind);
CREATE TABLE orders (region text, number bigint, PRIMARY KEY (region, number));
CREATE TABLE lines (id bigint PRIMARY KEY, order_region text, order_number bigint, CONSTRAINT lines_order FOREIGN KEY (order_region, order_number) REFERENCES orders);
