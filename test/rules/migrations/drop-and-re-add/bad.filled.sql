-- The values come back: nothing is lost, and the name is there again.
ALTER TABLE orders ADD COLUMN state_new integer;
UPDATE orders SET state_new = CASE state WHEN 'open' THEN 1 ELSE 2 END;
ALTER TABLE orders DROP COLUMN state;
ALTER TABLE orders RENAME COLUMN state_new TO state;
-- Worked out by the server, before and after.
ALTER TABLE orders DROP COLUMN total;
ALTER TABLE orders ADD COLUMN total bigint GENERATED ALWAYS AS (quantity * 2) STORED;
-- Lost.
ALTER TABLE orders DROP COLUMN note, ADD COLUMN note jsonb NOT NULL DEFAULT '{}'; -- want `.orders\.note. is dropped here and added again, from .text. to .jsonb.`
-- file: base/db/migrations/0001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, quantity int, state text, note text, total bigint GENERATED ALWAYS AS (quantity) STORED);
-- file: db/migrations/0009_emptied.sql
-- No value is left to lose: the rows went before, and that is told where they go.
DELETE FROM memberships;
ALTER TABLE memberships DROP COLUMN role, ADD COLUMN role int NOT NULL;
-- file: base/db/migrations/0000_memberships.sql
CREATE TABLE memberships (id bigint PRIMARY KEY, role text);
