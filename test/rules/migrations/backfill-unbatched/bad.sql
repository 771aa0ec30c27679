UPDATE "User" SET "emailVerified" = CURRENT_TIMESTAMP WHERE "emailVerified" IS NULL; -- want `UPDATE writes all rows of .User. where ."emailVerified" IS NULL. in one statement`
-- file: base/db/migrations/0001_all.sql
CREATE TABLE "User" (id bigint PRIMARY KEY, "emailVerified" timestamptz);
