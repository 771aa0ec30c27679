-- path: migrations/000002_null.up.sql
ALTER TABLE settings ALTER COLUMN note DROP NOT NULL;
-- file: migrations/000002_null.down.sql
ALTER TABLE settings ALTER COLUMN note SET NOT NULL;
-- file: base/migrations/000001_init.up.sql
CREATE TABLE settings (id bigint PRIMARY KEY, note text NOT NULL);
-- file: base/migrations/000001_init.down.sql
DROP TABLE settings;
-- file: base/.github/belay.yml
version: 1
tables: { settings: { small: true } }
