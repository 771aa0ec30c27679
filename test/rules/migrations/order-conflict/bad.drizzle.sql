-- path: drizzle/0001_teams.sql
CREATE TABLE "teams" ("id" bigint PRIMARY KEY); -- want `.0001_teams. is never run: .meta/_journal\.json. has no entry for it`
-- file: base/drizzle/meta/_journal.json
{ "dialect": "postgresql", "entries": [{ "idx": 0, "tag": "0000_init" }] }
-- file: base/drizzle/0000_init.sql
CREATE TABLE "users" ("id" bigint PRIMARY KEY);
