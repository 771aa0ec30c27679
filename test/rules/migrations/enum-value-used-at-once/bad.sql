-- path: db/migrations/20240102000000_states.sql
-- migrate:up
ALTER TYPE order_state ADD VALUE 'refunded';
ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'lost' BEFORE 'done';
UPDATE orders SET state = 'refunded' WHERE refunded_at IS NOT NULL; -- want `.UPDATE orders SET state = .refunded. WHERE refunded_at IS …. on line 5 uses .refunded., which line 3 adds to enum .order_state. in the same transaction: the server refuses it \(“unsafe use of new value "refunded" of enum type order_state”\).*line 6 uses .lost., which line 4 adds`
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'lost';
-- migrate:down
-- file: base/db/migrations/20240101000000_init.sql
-- migrate:up
CREATE TYPE order_state AS ENUM ('open', 'done');
CREATE TABLE orders (id bigint PRIMARY KEY, state order_state, refunded_at timestamptz);
-- migrate:down
DROP TABLE orders;
