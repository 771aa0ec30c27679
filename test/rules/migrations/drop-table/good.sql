-- Born here.
CREATE TABLE staging (id bigint);
INSERT INTO staging SELECT id FROM orders;
DROP TABLE staging;
CREATE TEMP TABLE scratch AS SELECT id FROM orders;
DROP TABLE scratch;
-- Not there.
DROP TABLE IF EXISTS drafts;
-- Filled again with what it is for.
TRUNCATE countries;
INSERT INTO countries (code) VALUES ('DE'), ('FR');
-- file: base/db/migrations/0001_all.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE countries (code text PRIMARY KEY);
