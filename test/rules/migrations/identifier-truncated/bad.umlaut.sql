-- path: prisma/migrations/20240102000000_x/migration.sql
CREATE TABLE "Geschäftsprüfungsausschussübergangsregelungsänderungsübersicht" ("id" TEXT PRIMARY KEY); -- want `The name of table`
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TABLE "User" ("id" TEXT PRIMARY KEY);
