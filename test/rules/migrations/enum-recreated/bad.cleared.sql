-- path: prisma/migrations/20240102000000_states/migration.sql
BEGIN;
UPDATE "Ticket" SET "state" = 'closed' WHERE "state" = 'solved';
CREATE TYPE "State_new" AS ENUM ('open', 'closed');
ALTER TABLE "Ticket" ALTER COLUMN "state" TYPE "State_new" USING ("state"::text::"State_new"); -- want `writes every row of .Ticket. again \(line 5\) under an ACCESS EXCLUSIVE lock, which blocks every read and write; the running code that still writes .solved. is refused from then on`
ALTER TYPE "State" RENAME TO "State_old";
ALTER TYPE "State_new" RENAME TO "State";
DROP TYPE "State_old";
COMMIT;
-- file: prisma/migrations/20240103000000_limits/migration.sql
DELETE FROM "Quota" WHERE resource = 'RUN';
CREATE TYPE "Resource_new" AS ENUM ('EVENT');
ALTER TABLE "Quota" ALTER COLUMN resource TYPE "Resource_new" USING resource::text::"Resource_new"; -- want `again \(lines 3 and 4\).*, and it fails at the first row of .QuotaAlert. that holds .RUN.; the running code that still writes it is refused`
ALTER TABLE "QuotaAlert" ALTER COLUMN resource TYPE "Resource_new" USING resource::text::"Resource_new";
DROP TYPE "Resource";
ALTER TYPE "Resource_new" RENAME TO "Resource";
-- file: prisma/migrations/migration_lock.toml
provider = "postgresql"
-- file: base/prisma/migrations/20240101000000_init/migration.sql
CREATE TYPE "State" AS ENUM ('open', 'solved', 'closed');
CREATE TYPE "Resource" AS ENUM ('RUN', 'EVENT');
CREATE TABLE "Ticket" ("id" TEXT NOT NULL PRIMARY KEY, "state" "State");
CREATE TABLE "Quota" ("id" TEXT NOT NULL PRIMARY KEY, resource "Resource");
CREATE TABLE "QuotaAlert" ("id" TEXT NOT NULL PRIMARY KEY, resource "Resource");
