-- path: migrations/20240102000000_email.sql
-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'users_email_idx') THEN
    CREATE INDEX CONCURRENTLY users_email_idx ON users (email); -- want `a DO block or function is part of a transaction`
  END IF;
END $$;
-- +goose StatementEnd
-- +goose Down
DROP INDEX CONCURRENTLY users_email_idx;
-- file: base/migrations/20240101000000_users.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- +goose Down
DROP TABLE users;
