CREATE TABLE ledger (id bigint PRIMARY KEY);

DO $$ -- want `The statement on line 3 \(.DO .* was not judged`
BEGIN
  EXECUTE 'ALTER TABLE accounts ALTER COLUMN currency SET NOT NULL';
END
$$;
