REINDEX TABLE CONCURRENTLY invoices;
-- file: db/migrations/0003_drafts.sql
CREATE TABLE drafts (id bigint PRIMARY KEY);
REINDEX TABLE drafts;
-- file: base/db/migrations/0001_invoices.sql
CREATE TABLE invoices (id bigint PRIMARY KEY, number text);
