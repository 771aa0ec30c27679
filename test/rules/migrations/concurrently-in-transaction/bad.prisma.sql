-- file: prisma/migrations/20240102000000_email/migration.sql
-- Two statements are sent as one string, which the server wraps in a transaction.
ALTER TABLE "User" ADD COLUMN "phone" TEXT;
CREATE INDEX CONCURRENTLY "User_email_idx" ON "User"("email"); -- want `Prisma sends the file as one string: several statements are one implicit transaction`
-- file: base/prisma/migrations/20240101000000_user/migration.sql
CREATE TABLE "User" ("id" TEXT NOT NULL, "email" TEXT, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
