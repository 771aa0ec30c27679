CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
-- file: db/migrations/0003_orders.sql
CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, user_id bigint);
CREATE INDEX orders_user ON public.orders (user_id);
-- file: db/migrations/0004_more_orders.sql
CREATE INDEX orders_id_user ON orders (id, user_id);
CREATE INDEX IF NOT EXISTS users_name ON users (name);
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);
CREATE INDEX users_name ON users (name);
