UPDATE posts SET url = left(url, 512) WHERE length(url) > 512;
ALTER TABLE posts ALTER COLUMN url TYPE varchar(512); -- want `Changing .posts\.url. from text to varchar\(512\) refuses from then on every value longer than 512 characters, and writes all of .posts. anew`
ALTER TABLE posts ALTER COLUMN title TYPE varchar(80); -- want `fails on the first value longer than 80 characters`
-- file: base/db/migrations/0001_posts.sql
CREATE TABLE posts (id bigint PRIMARY KEY, url text, title text);
