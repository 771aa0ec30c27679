-- path: migrations/2024-01-02-000000_indexes/up.sql
CREATE INDEX CONCURRENTLY users_nick ON users (nick); -- want `when a later statement fails \(lines 3 and 4\), what line 2 did .* \(“relation "users_nick" already exists”\)`
CREATE INDEX CONCURRENTLY users_mail ON users (mail);
INSERT INTO flags (name) VALUES ('nick');
-- file: migrations/2024-01-02-000000_indexes/down.sql
DROP INDEX users_nick;
DROP INDEX users_mail;
-- file: migrations/2024-01-02-000000_indexes/metadata.toml
run_in_transaction = false
-- file: diesel.toml
[print_schema]
-- file: base/migrations/2024-01-01-000000_init/up.sql
CREATE TABLE users (id bigint PRIMARY KEY, nick text, mail text);
CREATE TABLE flags (name text PRIMARY KEY);
-- file: base/migrations/2024-01-01-000000_init/down.sql
DROP TABLE users;
