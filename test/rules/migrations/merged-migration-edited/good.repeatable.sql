-- path: db/migration/R__views.sql
CREATE OR REPLACE VIEW all_users AS SELECT id, nick FROM users;
-- file: base/db/migration/R__views.sql
CREATE OR REPLACE VIEW all_users AS SELECT id FROM users;
-- file: base/db/migration/V1__users.sql
CREATE TABLE users (id bigint PRIMARY KEY, nick text);
