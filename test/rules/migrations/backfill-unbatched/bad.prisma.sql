-- path: packages/db/prisma/migrations/20240102000000_backfill/migration.sql
UPDATE dataset_items SET trace_id = observations.trace_id -- want `UPDATE writes all rows of .dataset_items. \(lines 2 and 5\) that match in one statement`
FROM observations WHERE dataset_items.observation_id = observations.id AND dataset_items.trace_id IS NULL;
-- A boolean says little.
UPDATE dataset_items SET archived = false WHERE archived = true;
-- file: packages/db/prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/packages/db/prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE dataset_items (id text PRIMARY KEY, trace_id text, observation_id text, archived boolean);
CREATE TABLE observations (id text PRIMARY KEY, trace_id text);
