-- path: prisma/migrations/20240102000000_cents/migration.sql
/*
  Warnings:

  - The `amount` column on the `Invoice` table would be dropped and recreated. This will lead to data loss if there is data in the column.

*/
-- AlterTable
ALTER TABLE "Invoice" DROP COLUMN "amount", -- want `.Invoice\.amount. is dropped here and added again on line 10, from .text. to .integer.: every value it holds in .Invoice. is lost, each row gets .0.`
ADD COLUMN     "amount" INTEGER NOT NULL DEFAULT 0;
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE "Invoice" ("id" TEXT NOT NULL, "amount" TEXT NOT NULL, CONSTRAINT "Invoice_pkey" PRIMARY KEY ("id"));
