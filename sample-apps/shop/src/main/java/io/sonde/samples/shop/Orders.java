package io.sonde.samples.shop;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Service;

/** Takes orders: asks the stock for the goods, then writes the order down. */
@Service
@Profile("!stock")
class Orders {
  private static final Logger log = LoggerFactory.getLogger(Orders.class);

  private final Products products;
  private final StockClient stock;
  private final JdbcClient jdbc;

  Orders(Products products, StockClient stock, JdbcClient jdbc) {
    this.products = products;
    this.stock = stock;
    this.jdbc = jdbc;
  }

  Order place(long productId, int quantity) {
    Product product =
        products.byId(productId).orElseThrow(() -> new NotFoundException("product " + productId));
    stock.reserve(productId, quantity);
    BigDecimal total = product.price().multiply(BigDecimal.valueOf(quantity));
    GeneratedKeyHolder key = new GeneratedKeyHolder();
    jdbc.sql("INSERT INTO orders (product_id, quantity, total) VALUES (?, ?, ?)")
        .params(productId, quantity, total)
        .update(key, "id");
    Order order =
        new Order(Objects.requireNonNull(key.getKey()).longValue(), productId, quantity, total);
    log.info("order {} accepted: {} x {}", order.id(), quantity, product.name());
    return order;
  }

  Optional<Order> byId(long id) {
    return jdbc.sql("SELECT id, product_id, quantity, total FROM orders WHERE id = ?")
        .param(id)
        .query(Order.class)
        .optional();
  }
}
