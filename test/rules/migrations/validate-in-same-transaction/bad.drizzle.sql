-- file: drizzle.config.ts
export default { dialect: 'postgresql', out: './drizzle' };
-- file: drizzle/0001_total.sql
ALTER TABLE "orders" ADD CONSTRAINT "total_positive" CHECK (total >= 0) NOT VALID;
-- file: drizzle/0002_validate.sql
-- Another file, but Drizzle runs all pending ones in one transaction.
ALTER TABLE "orders" VALIDATE CONSTRAINT "total_positive"; -- want `taken in .drizzle/0001_total.sql., which runs in the same transaction`
-- file: base/drizzle/meta/_journal.json
{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1,"tag":"0000_orders","breakpoints":true}]}
-- file: drizzle/meta/_journal.json
{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1,"tag":"0000_orders","breakpoints":true},{"idx":1,"version":"7","when":2,"tag":"0001_total","breakpoints":true},{"idx":2,"version":"7","when":3,"tag":"0002_validate","breakpoints":true}]}
-- file: base/drizzle/0000_orders.sql
CREATE TABLE "orders" ("id" bigint PRIMARY KEY, "total" bigint);
