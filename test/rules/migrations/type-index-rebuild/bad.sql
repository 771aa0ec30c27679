ALTER TABLE events ALTER COLUMN at TYPE timestamptz; -- want `Changing .events\.at. from timestamp to timestamptz leaves the rows as they are, but builds index .events_at_idx. anew and so reads all of .events. while it holds an ACCESS EXCLUSIVE lock`
ALTER TABLE events ALTER COLUMN name TYPE text COLLATE "C"; -- want `builds index .events_name_key. anew`
-- Longer is free, but the check is done again.
ALTER TABLE events ALTER COLUMN kind TYPE varchar(40); -- want `compares every row with .kind_known. again`
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id bigint PRIMARY KEY, at timestamp, name text, kind varchar(20) CONSTRAINT kind_known CHECK (kind IN ('open', 'shut')));
CREATE INDEX events_at_idx ON events (at);
CREATE UNIQUE INDEX events_name_key ON events (name);
