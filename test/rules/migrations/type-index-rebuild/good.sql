-- No index on the column.
ALTER TABLE events ALTER COLUMN at TYPE timestamptz;
-- An index that can stay as it is.
ALTER TABLE events ALTER COLUMN name TYPE text;
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id bigint PRIMARY KEY, at timestamp, name varchar(80));
CREATE INDEX events_name_idx ON events (name);
