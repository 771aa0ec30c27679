-- file: prisma/migrations/20240102000000_email/migration.sql
-- A single statement runs by itself.
CREATE INDEX CONCURRENTLY "User_email_idx" ON "User"("email");
-- file: base/prisma/migrations/20240101000000_user/migration.sql
CREATE TABLE "User" ("id" TEXT NOT NULL, "email" TEXT, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
