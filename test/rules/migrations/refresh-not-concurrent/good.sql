REFRESH MATERIALIZED VIEW CONCURRENTLY daily_sales;
CREATE MATERIALIZED VIEW monthly_sales AS SELECT day, sum(amount) AS amount FROM sales GROUP BY day WITH NO DATA;
REFRESH MATERIALIZED VIEW monthly_sales;
-- file: base/db/migrations/0001_sales.sql
CREATE TABLE sales (id bigint PRIMARY KEY, day date, amount numeric);
CREATE MATERIALIZED VIEW daily_sales AS SELECT day, sum(amount) AS amount FROM sales GROUP BY day;
CREATE UNIQUE INDEX daily_sales_day ON daily_sales (day);
