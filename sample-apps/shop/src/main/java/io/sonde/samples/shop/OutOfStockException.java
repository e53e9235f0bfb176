package io.sonde.samples.shop;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** There is less than was ordered: 409. */
@ResponseStatus(HttpStatus.CONFLICT)
class OutOfStockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutOfStockException(long productId) {
    super("not enough of product " + productId);
  }
}
