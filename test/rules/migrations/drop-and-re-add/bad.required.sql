-- path: prisma/migrations/20240102000000_bytes/migration.sql
-- AlterTable
ALTER TABLE "Setting" DROP COLUMN "value", -- want `.Setting\.value. is dropped here and added again on line 4, from .jsonb. to .bytea., as NOT NULL without a default: this fails as soon as .Setting. has a row, and whoever makes way for it`
ADD COLUMN     "value" BYTEA NOT NULL;
-- file: prisma/migrations/20240103000000_two/migration.sql
ALTER TABLE "Setting" DROP COLUMN "kind", ADD COLUMN "kind" INTEGER NOT NULL; -- want `.Setting\.kind. .line 1. and .Setting\.owner. .line 2. are dropped and added again, .Setting\.kind. as NOT NULL without a default: this fails as soon as there is a row`
ALTER TABLE "Setting" DROP COLUMN "owner", ADD COLUMN "owner" INTEGER;
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE "Setting" ("id" TEXT NOT NULL, "value" JSONB NOT NULL, "kind" TEXT, "owner" TEXT, CONSTRAINT "Setting_pkey" PRIMARY KEY ("id"));
