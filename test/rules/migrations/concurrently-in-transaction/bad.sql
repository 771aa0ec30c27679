-- path: migrations/20240102000000_email.sql
-- +goose Up
CREATE INDEX CONCURRENTLY users_email_idx ON users (email); -- want `.CREATE INDEX CONCURRENTLY users_email_idx ON users \(email\). fails, and the deployment stops .*: goose runs each migration in a transaction`
-- +goose Down
DROP INDEX users_email_idx;
-- file: base/migrations/20240101000000_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- +goose Down
DROP TABLE users;
