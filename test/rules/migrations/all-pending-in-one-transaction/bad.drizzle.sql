-- path: drizzle/0001_nick.sql
ALTER TABLE "users" ADD COLUMN "nick" text;
-- file: drizzle/0002_orders.sql
ALTER TABLE "orders" ADD CONSTRAINT "orders_total" CHECK (total > 0) NOT VALID; -- want `Drizzle runs all pending migrations in one transaction: while .ALTER TABLE "orders" ADD CONSTRAINT "orders_total" CHECK …. waits for its lock, the ACCESS EXCLUSIVE lock that .drizzle/0001_nick\.sql. took on .users. is still held`
-- file: drizzle/0003_late.sql
CREATE TABLE "tags" ("id" bigint PRIMARY KEY);
UPDATE "parcels" SET weight = 1 WHERE weight IS NULL; -- want `works through .parcels., the ACCESS EXCLUSIVE lock that .drizzle/0001_nick\.sql. took on .users. and .orders. is still held`
-- file: base/drizzle/meta/_journal.json
{ "dialect": "postgresql", "entries": [{ "idx": 0, "tag": "0000_init" }] }
-- file: drizzle/meta/_journal.json
{ "dialect": "postgresql", "entries": [{ "idx": 0, "tag": "0000_init" }, { "idx": 1, "tag": "0001_nick" }, { "idx": 2, "tag": "0002_orders" }, { "idx": 3, "tag": "0003_late" }] }
-- file: base/drizzle/0000_init.sql
CREATE TABLE "users" ("id" bigint PRIMARY KEY);
CREATE TABLE "parcels" ("id" bigint PRIMARY KEY, "weight" bigint);
CREATE TABLE "orders" ("id" bigint PRIMARY KEY, "total" bigint);
