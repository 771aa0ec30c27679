ALTER TABLE settings ADD CONSTRAINT known CHECK (key <> '');
-- file: base/db/migrations/0001_settings.sql
CREATE TABLE settings (key text PRIMARY KEY);
-- file: base/.github/belay.yml
version: 1
tables: { settings: { small: true } }
