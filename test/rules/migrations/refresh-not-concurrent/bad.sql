REFRESH MATERIALIZED VIEW daily_sales; -- want `REFRESH computes .daily_sales. anew while it holds an ACCESS EXCLUSIVE lock, which blocks every read and write of .daily_sales., until its query is done`
REFRESH MATERIALIZED VIEW reports."Top" WITH NO DATA; -- want `WITH NO DATA empties .reports\.Top.: every query on it fails`
-- file: base/db/migrations/0001_sales.sql
CREATE SCHEMA reports;
CREATE TABLE sales (id bigint PRIMARY KEY, day date, amount numeric);
CREATE MATERIALIZED VIEW daily_sales AS SELECT day, sum(amount) AS amount FROM sales GROUP BY day;
CREATE UNIQUE INDEX daily_sales_day ON daily_sales (day);
CREATE MATERIALIZED VIEW reports."Top" AS SELECT * FROM sales;
