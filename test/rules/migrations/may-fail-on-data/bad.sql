ALTER TABLE users ADD COLUMN tenant_id bigint;
ALTER TABLE users ALTER COLUMN tenant_id SET NOT NULL; -- want `.users\.tenant_id. was added without a default and nothing has filled it: every row holds NULL, so that this fails as soon as .users. has a row`
-- file: db/migrations/0003_slug.sql
ALTER TABLE users ADD COLUMN slug text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX users_slug ON users (slug); -- want `.users\.slug. holds its default .''. in every row, so that making it unique fails as soon as .users. has two rows`
-- file: db/migrations/0005_age.sql
ALTER TABLE users ALTER COLUMN age TYPE integer USING age::integer, -- want `.users\.age. holds text, which is read as integer value by value: the first that is no integer, an empty one included, makes this fail .* The same kind of failure waits on line 2`
  ALTER COLUMN mood TYPE mood USING (mood::mood);
-- file: base/db/migrations/0001_all.sql
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE users (id bigint PRIMARY KEY, email text, age varchar(10), mood text);
