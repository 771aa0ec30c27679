-- No history creates it: it was there.
CREATE INDEX CONCURRENTLY a ON legacy (x);
CREATE TABLE IF NOT EXISTS known (id bigint);
CREATE INDEX b ON legacy (y); -- want `.legacy.`
CREATE INDEX c ON known (id); -- want `.known.`
-- file: base/db/migrations/0001_known.sql
CREATE TABLE known (id bigint);
