package io.sonde.samples.shop;

import java.util.List;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The catalogue over HTTP. */
@RestController
@RequestMapping("/products")
@Profile("!stock")
class ProductController {
  private final Products products;

  ProductController(Products products) {
    this.products = products;
  }

  @GetMapping
  List<Product> all() {
    return products.all();
  }

  @GetMapping("/{id}")
  Product byId(@PathVariable long id) {
    return products.byId(id).orElseThrow(() -> new NotFoundException("product " + id));
  }

  /** Fails for whoever asks: the price list has a line that no one can read. */
  @GetMapping("/{id}/price-list")
  List<String> priceList(@PathVariable long id) {
    Product product = byId(id);
    return List.of(product.name() + " " + Integer.parseInt("twelve"));
  }
}
