-- path: migrations/20240102000000_codes.sql
-- +goose Up
TRUNCATE codes;
-- There is no code left to look through.
DELETE FROM emails WHERE confirmed_at IS NULL;
ALTER TABLE emails ADD COLUMN state text;
UPDATE emails SET state = 'old' WHERE confirmed_at IS NOT NULL; -- want `UPDATE goes through all of .emails.`
-- +goose Down
ALTER TABLE emails DROP COLUMN state;
-- file: base/migrations/20240101000000_emails.sql
-- +goose Up
CREATE TABLE emails (id bigint PRIMARY KEY, confirmed_at timestamptz);
CREATE TABLE codes (id bigint PRIMARY KEY, email_id bigint REFERENCES emails (id));
-- +goose Down
DROP TABLE codes, emails;
