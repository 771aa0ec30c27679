-- file: prisma/migrations/20240102000000_locale/migration.sql
-- AlterTable
ALTER TABLE "User" ADD COLUMN     "locale" TEXT NOT NULL, -- want `.User\.locale.`
ADD COLUMN     "nickname" TEXT;
-- file: base/prisma/migrations/20240101000000_user/migration.sql
CREATE TABLE "User" ("id" TEXT NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
