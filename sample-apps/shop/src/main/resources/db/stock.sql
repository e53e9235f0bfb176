DROP TABLE IF EXISTS stock;

CREATE TABLE stock (
  product_id BIGINT PRIMARY KEY,
  quantity BIGINT NOT NULL
);

-- of the sugar tongs there never were any
INSERT INTO stock (product_id, quantity) VALUES
  (1, 1000000000),
  (2, 1000000000),
  (3, 1000000000),
  (4, 1000000000),
  (5, 0);
