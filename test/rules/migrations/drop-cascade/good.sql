-- There again at the end.
DROP VIEW IF EXISTS open_issues CASCADE;
CREATE VIEW open_issues AS SELECT id, title FROM issues;
CREATE VIEW open_count AS SELECT count(*) FROM open_issues;
-- Not there.
DROP TABLE IF EXISTS drafts CASCADE;
DROP TYPE IF EXISTS colour CASCADE;
-- Born here.
CREATE TABLE staging (id bigint PRIMARY KEY);
CREATE VIEW staged AS SELECT id FROM staging;
DROP TABLE staging CASCADE;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE issues (id bigint PRIMARY KEY, title text);
CREATE VIEW open_issues AS SELECT id FROM issues;
CREATE VIEW open_count AS SELECT count(*) FROM open_issues;
