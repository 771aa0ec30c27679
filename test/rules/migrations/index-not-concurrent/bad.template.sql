CREATE INDEX IF NOT EXISTS users_email ON {{ index .Options "Namespace" }}.users (email); -- want `.users_email.`
CREATE INDEX ${schema}_things ON things_${suffix} (id); -- want `.things_suffix.`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE {{ index .Options "Namespace" }}.users (id bigint, email text);
