ALTER TABLE comments ADD COLUMN author_id bigint REFERENCES users (id); -- want `Adding .comments\.author_id. with REFERENCES takes an ACCESS EXCLUSIVE lock, which blocks every read and write of .comments. and a SHARE ROW EXCLUSIVE lock, which blocks every write of .users. \(80,000,000 rows\)`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE comments (id bigint PRIMARY KEY);
-- file: base/.github/belay.yml
version: 1
tables: { users: { rows: 80000000 } }
