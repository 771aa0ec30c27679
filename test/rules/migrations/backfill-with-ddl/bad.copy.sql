-- path: prisma/migrations/20240102000000_orgs/migration.sql
ALTER TABLE "projects" ADD COLUMN "org_id" TEXT;
CREATE TABLE "memberships" ("id" TEXT PRIMARY KEY, "user_id" TEXT NOT NULL);
INSERT INTO "memberships" ("id", "user_id") SELECT md5("id"), "id" FROM "users"; -- want `While this INSERT … SELECT copies the rows of .users., the transaction still holds what .ALTER TABLE "projects" ADD COLUMN "org_id" TEXT. took on line 2: an ACCESS EXCLUSIVE lock, which blocks every read and write to .projects.`
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE "projects" ("id" TEXT PRIMARY KEY);
CREATE TABLE "users" ("id" TEXT PRIMARY KEY);
