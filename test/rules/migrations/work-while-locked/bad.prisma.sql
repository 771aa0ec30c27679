-- file: prisma/migrations/20240102000000_slug/migration.sql
-- AlterTable
ALTER TABLE "Team" ADD COLUMN "slug" TEXT;
UPDATE "Team" SET "slug" = lower("name") WHERE "slug" IS NULL; -- want `UPDATE goes through all of .Team.`
-- file: base/prisma/migrations/20240101000000_team/migration.sql
CREATE TABLE "Team" ("id" TEXT NOT NULL, "name" TEXT, CONSTRAINT "Team_pkey" PRIMARY KEY ("id"));
