DROP TABLE runs; -- want `.runs. is dropped and another table takes its name: rows that were not copied there before are lost, and no revert brings them back`
ALTER TABLE runs_new RENAME TO runs;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE runs (id bigint PRIMARY KEY, kind text);
CREATE TABLE runs_new (id bigint PRIMARY KEY, kind text);
