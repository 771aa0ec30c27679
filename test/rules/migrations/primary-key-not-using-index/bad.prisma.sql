-- file: prisma/migrations/20240102000000_pk/migration.sql
-- AlterTable
ALTER TABLE "Account" DROP CONSTRAINT "Account_pkey",
ADD CONSTRAINT "Account_pkey" PRIMARY KEY ("provider", "providerAccountId"); -- want `.provider. and .providerAccountId.`
-- file: base/prisma/migrations/20240101000000_account/migration.sql
CREATE TABLE "Account" ("id" TEXT NOT NULL, "provider" TEXT NOT NULL, "providerAccountId" TEXT NOT NULL, CONSTRAINT "Account_pkey" PRIMARY KEY ("id"));
