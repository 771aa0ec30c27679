-- Nullable, with a default that stays, born here, or worked out.
ALTER TABLE orders ADD COLUMN customer_id bigint;
ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'open';
CREATE TABLE parcels (id bigint PRIMARY KEY, weight int);
ALTER TABLE parcels ALTER COLUMN weight SET NOT NULL;
-- No inserts relied on it: it allows NULL.
ALTER TABLE orders ALTER COLUMN note DROP DEFAULT;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE orders (id bigint PRIMARY KEY, note text DEFAULT '');
