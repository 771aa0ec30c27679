-- path: prisma/migrations/20240102000000_teams/migration.sql
CREATE TABLE "Team" ("id" TEXT PRIMARY KEY);
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE "User" ("id" TEXT PRIMARY KEY);
