UPDATE users SET email = lower(email); -- want `UPDATE writes .email. and .plan. of every row of .users. \(line 1\) and .Account. \(line 2\) anew in one transaction`
update "Account" set plan = 'free' where true;
DELETE FROM public.sessions WHERE 1 = 1; -- want `DELETE removes every row of .sessions.: each stays locked until the transaction ends, and no revert brings one back`
-- A condition.
UPDATE users SET email = 'x' WHERE id = 3;
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE "Account" (id bigint PRIMARY KEY, plan text);
CREATE TABLE sessions (id bigint PRIMARY KEY);
