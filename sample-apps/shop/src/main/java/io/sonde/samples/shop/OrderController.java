package io.sonde.samples.shop;

import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. */
@RestController
@RequestMapping("/orders")
@Profile("!stock")
class OrderController {
  private final Orders orders;

  OrderController(Orders orders) {
    this.orders = orders;
  }

  /** What a customer sends. */
  record NewOrder(long productId, int quantity) {}

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Order place(@RequestBody NewOrder order) {
    return orders.place(order.productId(), order.quantity());
  }

  @GetMapping("/{id}")
  Order byId(@PathVariable long id) {
    return orders.byId(id).orElseThrow(() -> new NotFoundException("order " + id));
  }
}
