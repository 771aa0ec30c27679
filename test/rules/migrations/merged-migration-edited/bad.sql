-- path: prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE "User" ("id" TEXT PRIMARY KEY);
ALTER TABLE "User" ADD COLUMN "email" TEXT; -- want `.20240101000000_init. is merged already and says something else now \(line 3\): .prisma migrate deploy. does not run it again where it has run`
-- file: base/prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql

CREATE TABLE "User" ("id" TEXT PRIMARY KEY);
