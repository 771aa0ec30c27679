-- file: prisma/migrations/20240102000000_bigint/migration.sql
-- AlterTable
ALTER TABLE "Event" ALTER COLUMN "count" SET DATA TYPE BIGINT, -- want `.Event\.count.`
ALTER COLUMN "name" DROP NOT NULL;
-- file: base/prisma/migrations/20240101000000_event/migration.sql
CREATE TABLE "Event" ("id" TEXT NOT NULL, "count" INTEGER, "name" TEXT NOT NULL, CONSTRAINT "Event_pkey" PRIMARY KEY ("id"));
