CREATE TABLE counters (name text PRIMARY KEY);
ALTER TABLE counters ADD COLUMN id bigserial;
-- file: db/migrations/0003_seq.sql
ALTER TABLE events ADD COLUMN seq bigint;
CREATE SEQUENCE events_seq_seq AS bigint OWNED BY events.seq;
ALTER TABLE events ALTER COLUMN seq SET DEFAULT nextval('events_seq_seq');
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id uuid PRIMARY KEY, kind text);
