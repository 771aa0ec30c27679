-- file: prisma/migrations/20240102000000_number/migration.sql
-- AlterTable
ALTER TABLE "Ticket" DROP CONSTRAINT "Ticket_pkey",
ADD COLUMN     "id" SERIAL NOT NULL, -- want `.Ticket\.id.`
ADD CONSTRAINT "Ticket_pkey" PRIMARY KEY ("id");
-- file: base/prisma/migrations/20240101000000_ticket/migration.sql
CREATE TABLE "Ticket" ("code" TEXT NOT NULL, CONSTRAINT "Ticket_pkey" PRIMARY KEY ("code"));
