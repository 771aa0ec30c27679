ALTER TABLE public.events ADD COLUMN seq bigserial; -- want `Adding .events\.seq. as .bigserial. gives each row a number of its own, so it writes all of .events. and its indexes anew while it holds an ACCESS EXCLUSIVE lock`
ALTER TABLE "Order" ADD COLUMN "number" integer GENERATED ALWAYS AS IDENTITY; -- want `.Order\.number. as an identity column`
-- One statement, one cause: the key's index is built on the way.
ALTER TABLE tags ADD COLUMN id serial, ADD PRIMARY KEY (id); -- want `.tags\.id.`
-- file: base/db/migrations/0001_events.sql
CREATE TABLE events (id uuid PRIMARY KEY, kind text);
CREATE TABLE "Order" (id uuid PRIMARY KEY);
CREATE TABLE tags (name text NOT NULL);
