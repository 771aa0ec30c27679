-- path: drizzle/0001_tags.sql
CREATE TABLE "tags" ("id" bigint PRIMARY KEY);
-- file: drizzle/0002_nick.sql
ALTER TABLE "users" ADD COLUMN "nick" text;
ALTER TABLE "users" ADD COLUMN "mail" text;
-- file: drizzle/0003_more.sql
ALTER TABLE "users" ADD COLUMN "phone" text;
CREATE TABLE "labels" ("id" bigint PRIMARY KEY);
CREATE INDEX "labels_id" ON "labels" ("id");
-- file: base/drizzle/meta/_journal.json
{ "dialect": "postgresql", "entries": [{ "idx": 0, "tag": "0000_init" }] }
-- file: drizzle/meta/_journal.json
{ "dialect": "postgresql", "entries": [{ "idx": 0, "tag": "0000_init" }, { "idx": 1, "tag": "0001_tags" }, { "idx": 2, "tag": "0002_nick" }, { "idx": 3, "tag": "0003_more" }] }
-- file: base/drizzle/0000_init.sql
CREATE TABLE "users" ("id" bigint PRIMARY KEY);
