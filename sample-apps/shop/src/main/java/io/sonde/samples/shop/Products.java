package io.sonde.samples.shop;

import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The catalogue in the shop's database. */
@Repository
@Profile("!stock")
public class Products {
  private final JdbcClient jdbc;

  Products(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public List<Product> all() {
    return jdbc.sql("SELECT id, name, price FROM product ORDER BY id").query(Product.class).list();
  }

  public Optional<Product> byId(long id) {
    return jdbc.sql("SELECT id, name, price FROM product WHERE id = ?")
        .param(id)
        .query(Product.class)
        .optional();
  }
}
