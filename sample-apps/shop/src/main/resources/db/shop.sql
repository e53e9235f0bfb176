DROP TABLE IF EXISTS orders;
DROP TABLE IF EXISTS product;

CREATE TABLE product (
  id BIGINT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  price DECIMAL(10, 2) NOT NULL
);

CREATE TABLE orders (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id BIGINT NOT NULL REFERENCES product (id),
  quantity INT NOT NULL,
  total DECIMAL(12, 2) NOT NULL
);

INSERT INTO product (id, name, price) VALUES
  (1, 'Teapot', 39.00),
  (2, 'Cup', 9.50),
  (3, 'Kettle', 54.90),
  (4, 'Tin of Assam', 12.80),
  (5, 'Sugar tongs', 7.20);
