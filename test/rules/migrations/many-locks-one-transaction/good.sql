ALTER TABLE users ADD COLUMN a int;
ALTER TABLE orders ADD COLUMN a int;
CREATE TABLE teams (id bigint PRIMARY KEY);
ALTER TABLE teams ADD COLUMN b int;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY);
