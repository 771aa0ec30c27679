-- path: prisma/migrations/20240102000000_role/migration.sql
-- AlterEnum
ALTER TYPE "Role" ADD VALUE 'OWNER';
-- AlterTable
ALTER TABLE "Member" ADD COLUMN "role" "Role" NOT NULL DEFAULT 'OWNER'; -- want `uses .OWNER., which line 3 adds to enum .Role.`
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
CREATE TABLE "Member" ("id" TEXT PRIMARY KEY);
