ALTER TABLE users ADD COLUMN locale text NOT NULL; -- want `Adding .users\.locale. as NOT NULL without a default fails as soon as .users. has a row .* every insert of the running code fails that does not know .locale.`
ALTER TABLE legacy."Account" ADD COLUMN IF NOT EXISTS plan int DEFAULT NULL NOT NULL; -- want `.legacy\.Account\.plan.`
ALTER TABLE users ADD COLUMN public_id uuid PRIMARY KEY; -- want `.users\.public_id.`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (name text);
