-- Every account has a currency now.
UPDATE "accounts" SET "currency" = 'EUR' WHERE "currency" IS NULL;
ALTER TABLE "accounts" ALTER COLUMN "currency" SET NOT NULL;
CREATE INDEX "transfers_account_id_idx" ON "transfers" ("account_id");
