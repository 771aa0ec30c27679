SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN a int; -- want `This transaction locks .users. \(2,000 queries a second\) \(line 2\) and .orders. \(a busy table\) \(line 4\) and keeps every lock until it ends: while it waits for the ACCESS EXCLUSIVE lock on .orders. \(a busy table\), whoever uses one of the others waits too`
ALTER TABLE settings ADD COLUMN a int;
ALTER TABLE orders ADD COLUMN a int;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE settings (id bigint PRIMARY KEY);
-- file: base/.github/belay.yml
version: 1
tables: { users: { qps: 2000 }, orders: { hot: true } }
