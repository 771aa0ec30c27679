-- path: migrations/20240102000000_users.sql
-- +goose Up
ALTER TABLE app.users ALTER COLUMN email SET NOT NULL; -- want `.app\.users\.email.`
-- +goose Down
ALTER TABLE app.users ALTER COLUMN email DROP NOT NULL;
-- file: base/migrations/20240101000000_users.sql
-- +goose Up
CREATE SCHEMA app;
CREATE TABLE app.users (id bigint, email text);
ALTER TABLE app.users ADD CONSTRAINT email_present CHECK (email IS NOT NULL) NOT VALID;
-- +goose Down
DROP TABLE app.users;
