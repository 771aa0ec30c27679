DROP TABLE user_badges; -- want `Dropping .user_badges. also takes an ACCESS EXCLUSIVE lock, which blocks every read and write of .users. \(a busy table\), because of a foreign key`
-- file: db/migrations/0004_orders.sql
ALTER TABLE orders DROP CONSTRAINT orders_user_fk; -- want `Dropping constraint .orders_user_fk. of .orders. also takes`
-- file: db/migrations/0003_sessions.sql
CREATE TABLE sessions (id bigint PRIMARY KEY, user_id bigint REFERENCES public.users (id)); -- want `Creating .sessions. also takes a SHARE ROW EXCLUSIVE lock, which blocks every write of .users.`
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE user_badges (user_id bigint REFERENCES users (id));
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint CONSTRAINT orders_user_fk REFERENCES users (id));
-- file: base/.github/belay.yml
version: 1
tables: { users: { hot: true } }
