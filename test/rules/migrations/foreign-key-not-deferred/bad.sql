ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id); -- want `compares every row of .orders. with .users. while it holds a SHARE ROW EXCLUSIVE lock, which blocks every write to both tables`
ALTER TABLE "Invoice"
  ADD COLUMN note text,
  ADD FOREIGN KEY ("orderId") REFERENCES public.orders (id) ON DELETE CASCADE; -- want `.orderId.`
ALTER TABLE users ADD FOREIGN KEY (parent_id) REFERENCES users; -- want `with the rest of the table`
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY, parent_id bigint);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
CREATE TABLE "Invoice" (id bigint PRIMARY KEY, "orderId" bigint);
