-- The old one out of the way first, as TypeORM does it.
ALTER TYPE app.mood RENAME TO mood_old;
CREATE TYPE app.mood AS ENUM ('glad', 'sad', 'calm');
ALTER TABLE app.notes ALTER COLUMN mood TYPE app.mood USING mood::text::app.mood; -- want `Making enum .app\.mood. anew writes every row of .app\.notes. again \(line 4\) under an ACCESS EXCLUSIVE lock, which blocks every read and write, only to add .calm.\. Making enum .state. anew writes every row of .jobs. again \(lines 7 and 10\).*fails at the first row that holds .stuck.`
DROP TYPE app.mood_old;
-- By way of text, as Drizzle does it.
ALTER TABLE jobs ALTER COLUMN state SET DATA TYPE text;
DROP TYPE public.state;
CREATE TYPE public.state AS ENUM ('open', 'done');
ALTER TABLE jobs ALTER COLUMN state SET DATA TYPE public.state USING state::public.state;
-- file: base/db/migrations/0001_all.sql
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('glad', 'sad');
CREATE TYPE state AS ENUM ('open', 'stuck', 'done');
CREATE TABLE app.notes (id bigint PRIMARY KEY, mood app.mood);
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
