REINDEX TABLE invoices; -- want `REINDEX TABLE .invoices. reads all of .invoices. while it holds a SHARE lock, which blocks every write`
REINDEX INDEX "Invoices_number_idx"; -- want `REINDEX INDEX .Invoices_number_idx. reads all of .invoices.`
-- file: base/db/migrations/0001_invoices.sql
CREATE TABLE invoices (id bigint PRIMARY KEY, number text);
CREATE INDEX "Invoices_number_idx" ON invoices (number);
