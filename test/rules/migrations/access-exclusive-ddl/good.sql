-- A moment's lock, and nothing says that it matters.
CREATE POLICY own_rows ON documents USING (true);
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
CREATE TABLE notes (id bigint PRIMARY KEY);
CREATE POLICY own_notes ON notes USING (true);
-- file: base/db/migrations/0001_documents.sql
CREATE TABLE documents (id bigint PRIMARY KEY);
