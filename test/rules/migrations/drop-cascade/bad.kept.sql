-- Its foreign key's column goes too.
DROP TABLE labels CASCADE; -- want migrations/drop-table `labels`
ALTER TABLE issues DROP COLUMN label_id; -- want migrations/drop-column `label_id`
-- Nothing depends on it; not there; there again at the end.
DROP TABLE imports CASCADE;
DROP TABLE IF EXISTS drafts CASCADE;
DROP VIEW IF EXISTS open_issues CASCADE;
CREATE VIEW open_issues AS SELECT id, title FROM issues;
CREATE VIEW open_count AS SELECT count(*) FROM open_issues;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE labels (id bigint PRIMARY KEY);
CREATE TABLE issues (id bigint PRIMARY KEY, title text, label_id bigint REFERENCES labels);
CREATE TABLE imports (id bigint PRIMARY KEY);
CREATE VIEW open_issues AS SELECT id FROM issues;
CREATE VIEW open_count AS SELECT count(*) FROM open_issues;
