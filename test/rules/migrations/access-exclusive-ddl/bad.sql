CREATE POLICY own_rows ON documents USING (true); -- want `Creating policy .own_rows. takes an ACCESS EXCLUSIVE lock, which blocks every read and write of .documents. \(12,000,000 rows\)`
-- file: db/migrations/0003_trigger.sql
DROP TRIGGER IF EXISTS touch ON documents; -- want `Dropping trigger .touch. takes an ACCESS EXCLUSIVE lock`
-- file: db/migrations/0004_rls.sql
ALTER TABLE documents ENABLE ROW LEVEL SECURITY; -- want `Changing row level security takes an ACCESS EXCLUSIVE lock`
-- file: db/migrations/0005_lock.sql
BEGIN;
LOCK TABLE documents IN SHARE ROW EXCLUSIVE MODE; -- want `LOCK TABLE takes a SHARE ROW EXCLUSIVE lock, which blocks every write of .documents. \(12,000,000 rows\), until the transaction ends`
COMMIT;
-- file: base/db/migrations/0001_documents.sql
CREATE TABLE documents (id bigint PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION touch();
-- file: base/.github/belay.yml
version: 1
tables: { documents: { rows: 12000000 } }
