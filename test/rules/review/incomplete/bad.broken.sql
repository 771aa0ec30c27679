ALTER TABLE users ADD COLUMN nickname text;
ALTER TABEL users ADD COLUMN age integer; -- want `does not parse at line 2`
