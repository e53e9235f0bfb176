package io.sonde.samples.shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The stock: how much there is, and takes from it. */
@RestController
@RequestMapping("/stock/{productId}")
@Profile("stock")
class StockController {
  private static final Logger log = LoggerFactory.getLogger(StockController.class);

  private final JdbcClient jdbc;

  StockController(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What is left of a product. */
  record Level(long productId, long quantity) {}

  @GetMapping
  Level level(@PathVariable long productId) {
    return jdbc.sql("SELECT product_id, quantity FROM stock WHERE product_id = ?")
        .param(productId)
        .query(Level.class)
        .optional()
        .orElseThrow(() -> new NotFoundException("stock of product " + productId));
  }

  @PostMapping("/reservations")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void reserve(@PathVariable long productId, @RequestBody Reservation wish) {
    int taken =
        jdbc.sql(
                "UPDATE stock SET quantity = quantity - :wanted"
                    + " WHERE product_id = :product AND quantity >= :wanted")
            .param("product", productId)
            .param("wanted", wish.quantity())
            .update();
    if (taken == 0) {
      log.warn("{} of product {} wanted, there is less", wish.quantity(), productId);
      throw new OutOfStockException(productId);
    }
  }
}
