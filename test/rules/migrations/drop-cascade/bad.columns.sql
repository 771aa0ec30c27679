ALTER TABLE people DROP COLUMN born CASCADE, -- want `On line 1 CASCADE drops, beside column .people\.born., view .adults. and column .people\.age_group.\. On line 2 CASCADE drops, beside constraint .people_code_key. of .people., constraint .badges_code_fkey. of .badges.`
  DROP CONSTRAINT people_code_key CASCADE;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE people (id bigint PRIMARY KEY, born date, code text UNIQUE, age_group int GENERATED ALWAYS AS (date_part('year', born)::int / 10) STORED);
CREATE VIEW adults AS SELECT id FROM people WHERE born < '2000-01-01';
CREATE TABLE badges (id bigint PRIMARY KEY, code text REFERENCES people (code));
