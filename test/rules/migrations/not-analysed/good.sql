CREATE TABLE ledger (id bigint PRIMARY KEY, note text);
COMMENT ON TABLE ledger IS 'who moved what';
INSERT INTO ledger (id, note) VALUES (1, 'first');
DO $$
BEGIN
  IF to_regclass('accounts') IS NULL THEN
    RAISE EXCEPTION 'accounts first';
  END IF;
  FOR part IN 1..3 LOOP
    EXECUTE format('CREATE TABLE %I (id bigint PRIMARY KEY)', 'ledger_' || part);
  END LOOP;
END
$$;
