ALTER TABLE users ADD COLUMN locale text NOT NULL DEFAULT 'en';
ALTER TABLE users ADD COLUMN theme text;
-- It is there already.
ALTER TABLE users ADD COLUMN IF NOT EXISTS name text NOT NULL;
-- Born here.
CREATE TABLE teams (id bigint PRIMARY KEY);
ALTER TABLE teams ADD COLUMN name text NOT NULL;
CREATE TEMPORARY TABLE import (id bigint);
ALTER TABLE import ADD COLUMN line text NOT NULL;
-- The history does not have it.
ALTER TABLE IF EXISTS gone ADD COLUMN x int NOT NULL;
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, name text);
