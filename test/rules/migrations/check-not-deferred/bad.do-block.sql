DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'total_positive') THEN
    ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0); -- want `CHECK .total_positive. is compared with every row of .orders.*until all are read and the transaction ends`
  END IF;
END $$;
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, total bigint);
