package io.sonde.samples.shop;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/** The stock service as the shop sees it. */
@Component
@Profile("!stock")
class StockClient {
  private final RestClient http;

  StockClient(RestClient.Builder builder, @Value("${shop.stock-url}") String url) {
    this.http = builder.baseUrl(url).build();
  }

  void reserve(long productId, int quantity) {
    try {
      http.post()
          .uri("/stock/{productId}/reservations", productId)
          .body(new Reservation(quantity))
          .retrieve()
          .toBodilessEntity();
    } catch (HttpClientErrorException.Conflict e) {
      throw new OutOfStockException(productId);
    }
  }
}
