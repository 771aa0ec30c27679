-- path: prisma/migrations/20240102000000_roles/migration.sql
/*
  Warnings:

  - The values [GUEST] on the enum `Role` will be removed. If these variants are still used in the database, this will fail.

*/
-- AlterEnum
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('USER', 'ADMIN', 'OWNER');
ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new"); -- want `Making enum .Role. anew writes every row of .User. and .Invite. again \(lines 12 and 13\) under an ACCESS EXCLUSIVE lock, which blocks every read and write, and it fails at the first row that holds .GUEST.; the running code that still writes it is refused`
ALTER TABLE "Invite" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'USER';
COMMIT;
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN', 'GUEST');
CREATE TABLE "User" ("id" TEXT PRIMARY KEY, "role" "Role" NOT NULL DEFAULT 'USER');
CREATE TABLE "Invite" ("id" TEXT PRIMARY KEY, "role" "Role" NOT NULL);
