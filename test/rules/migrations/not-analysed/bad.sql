CREATE TABLE ledger (id bigint PRIMARY KEY);

DO $$
DECLARE
  account record;
BEGIN
  FOR account IN SELECT tablename FROM pg_tables WHERE schemaname = 'ledgers' LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN currency SET NOT NULL', account.tablename); -- want `The statement on line 8 \(.EXECUTE .* was not judged: the SQL it runs depends on .account.tablename., from the query on line 7`
  END LOOP;
  ALTER TABLE ledger ADD COLUMN note text;
END
$$;
