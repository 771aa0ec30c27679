CREATE TABLE "accounts" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "balance" INTEGER NOT NULL DEFAULT 0,
  "currency" TEXT,
  CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "transfers" (
  "id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "amount" INTEGER NOT NULL,
  CONSTRAINT "transfers_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "transfers" ADD CONSTRAINT "transfers_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
