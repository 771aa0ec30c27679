-- Written as another table, rows and all.
CREATE TABLE events_new (id bigint PRIMARY KEY, kind text);
INSERT INTO events_new (id, kind) SELECT id, kind FROM events;
DROP TABLE events;
ALTER TABLE events_new RENAME TO events;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE events (id bigint PRIMARY KEY, kind varchar(10));
