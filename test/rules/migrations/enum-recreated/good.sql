ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm' AFTER 'glad';
-- Nothing uses it yet.
DROP TYPE colour;
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE cars (id bigint PRIMARY KEY, colour colour);
-- file: base/db/migrations/0001_all.sql
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TYPE colour AS ENUM ('red');
CREATE TABLE notes (id bigint PRIMARY KEY, mood mood);
