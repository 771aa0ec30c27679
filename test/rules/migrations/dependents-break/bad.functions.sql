-- path: migrations/00002_drop.sql
-- +goose Up
ALTER TABLE users DROP COLUMN searchable; -- want `trigger function .fill_search. of .users. still names .users\.searchable., which is gone after line 3: every write to .users. that fires it fails \(“record "new" has no field "searchable"”\)\. function .total. still names .orders\.amount., which is gone after line 4: the next call fails \(“column "amount" does not exist”\)\. trigger function .log_user. of .users. still names .audit., which is gone after line 5: every write to .users. that fires it fails \(“relation "audit" does not exist”\)`
ALTER TABLE orders RENAME COLUMN amount TO price;
DROP TABLE audit;
-- +goose Down
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY, name text, searchable text);
CREATE TABLE orders (id bigint PRIMARY KEY, amount bigint);
CREATE TABLE audit (id bigint PRIMARY KEY, who bigint);
-- +goose StatementBegin
CREATE FUNCTION fill_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.searchable := lower(NEW.name);
  RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(amount)::bigint FROM orders $$;
-- +goose StatementBegin
CREATE FUNCTION log_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (who) VALUES (NEW.id);
  RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION fill_search();
CREATE TRIGGER log AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION log_user();
-- +goose Down
DROP TABLE users;
