CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer_id bigint NOT NULL,
  status text NOT NULL DEFAULT 'open',
  stock_id bigint NOT NULL
);

CREATE TABLE stock (
  id bigint PRIMARY KEY,
  available integer NOT NULL
);
