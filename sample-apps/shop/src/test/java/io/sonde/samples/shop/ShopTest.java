package io.sonde.samples.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Both services together, asked over HTTP. */
class ShopTest {
  private static ConfigurableApplicationContext stock;
  private static ConfigurableApplicationContext shop;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    stock =
        SpringApplication.run(
            ShopApplication.class, "--spring.profiles.active=stock", "--server.port=0");
    shop =
        SpringApplication.run(
            ShopApplication.class, "--server.port=0", "--shop.stock-url=" + url(stock));
  }

  @AfterAll
  static void stop() {
    shop.close();
    stock.close();
  }

  @Test
  void products_are_listed_and_read() throws Exception {
    assertTrue(get("/products").body().contains("\"Teapot\""));
    assertEquals("{\"id\":1,\"name\":\"Teapot\",\"price\":39.00}", get("/products/1").body());
  }

  @Test
  void order_takes_from_the_stock_and_is_kept() throws Exception {
    long before = level(2);
    HttpResponse<String> answer = order(2, 3);

    assertEquals(201, answer.statusCode());
    assertTrue(answer.body().contains("\"total\":28.50"), answer.body());
    assertEquals(before - 3, level(2));
    String id = answer.body().replaceAll(".*\"id\":(\\d+).*", "$1");
    assertEquals(answer.body(), get("/orders/" + id).body());
  }

  @Test
  void what_is_not_there_is_404_or_409() throws Exception {
    assertEquals(404, get("/products/77").statusCode());
    assertEquals(404, get("/orders/123456").statusCode());
    assertEquals(404, order(77, 1).statusCode());
    assertEquals(409, order(5, 1).statusCode());
  }

  @Test
  void broken_page_is_500() throws Exception {
    assertEquals(500, get("/products/1/price-list").statusCode());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url(shop) + path)));
  }

  private HttpResponse<String> order(int product, int quantity) throws Exception {
    String body = "{\"productId\":" + product + ",\"quantity\":" + quantity + "}";
    return send(
        HttpRequest.newBuilder(URI.create(url(shop) + "/orders"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private long level(int product) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(stock) + "/stock/" + product));
    return Long.parseLong(send(request).body().replaceAll(".*\"quantity\":(\\d+).*", "$1"));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String url(ConfigurableApplicationContext context) {
    return "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
  }
}
