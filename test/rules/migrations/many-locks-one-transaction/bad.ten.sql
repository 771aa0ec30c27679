-- path: prisma/migrations/20240102000000_tenant/migration.sql
ALTER TABLE "accounts" ADD COLUMN "tenantId" TEXT; -- want `This transaction locks .accounts. .line 2.*.jobs. .line 11. and keeps every lock until it ends`
ALTER TABLE "badges" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "cards" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "depots" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "events" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "folders" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "groups" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "hooks" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "invites" ADD COLUMN "tenantId" TEXT;
ALTER TABLE "jobs" ADD COLUMN "tenantId" TEXT;
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE "accounts" ("id" TEXT PRIMARY KEY);
CREATE TABLE "badges" ("id" TEXT PRIMARY KEY);
CREATE TABLE "cards" ("id" TEXT PRIMARY KEY);
CREATE TABLE "depots" ("id" TEXT PRIMARY KEY);
CREATE TABLE "events" ("id" TEXT PRIMARY KEY);
CREATE TABLE "folders" ("id" TEXT PRIMARY KEY);
CREATE TABLE "groups" ("id" TEXT PRIMARY KEY);
CREATE TABLE "hooks" ("id" TEXT PRIMARY KEY);
CREATE TABLE "invites" ("id" TEXT PRIMARY KEY);
CREATE TABLE "jobs" ("id" TEXT PRIMARY KEY);
