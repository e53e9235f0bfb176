package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OriginTest {
  private final Map<String, String> request = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private String scheme(String connection) {
    return Origin.scheme(request.get("Forwarded"), request, Map::get, connection);
  }

  private String authority() {
    return Origin.authority(request.get("Forwarded"), request, Map::get);
  }

  private String client() {
    return Origin.client(request.get("Forwarded"), request, Map::get);
  }

  @Test
  void noProxy_requestAndConnection() {
    request.put("Host", "shop.example:8080");
    assertEquals("http", scheme("http"));
    assertEquals("shop.example:8080", authority());
    assertNull(client());
  }

  @Test
  void noHost_nothing() {
    assertNull(authority());
    request.put("Host", "");
    assertNull(authority());
  }

  @Test
  void xForwarded_beforeHost() {
    request.put("Host", "10.0.0.7:8080");
    request.put("X-Forwarded-Host", "shop.example, inner.example");
    request.put("X-Forwarded-Proto", "https");
    request.put("X-Forwarded-For", "203.0.113.9, 10.0.0.1");
    assertEquals("https", scheme("http"));
    assertEquals("shop.example", authority());
    assertEquals("203.0.113.9", client());
  }

  @Test
  void forwarded_beforeXForwarded() {
    request.put("X-Forwarded-Host", "wrong.example");
    request.put("X-Forwarded-Proto", "http");
    request.put("X-Forwarded-For", "198.51.100.1");
    request.put(
        "Forwarded",
        "For=\"[2001:db8:cafe::17]:4711\";by=203.0.113.43; Proto=https;HOST=\"shop.example:8443\","
            + " for=10.0.0.1;host=x");
    assertEquals("https", scheme("http"));
    assertEquals("shop.example:8443", authority());
    assertEquals("2001:db8:cafe::17", client());
  }

  @Test
  void forwardedWithoutParameter_nextSource() {
    request.put("Forwarded", "for=unknown;by=proxyhost=1;comment=\"host=evil;proto=ftp\"");
    request.put("Host", "shop.example");
    request.put("X-Forwarded-For", "unknown");
    assertEquals("https", scheme("https"));
    assertEquals("shop.example", authority());
    assertNull(client());
  }

  @Test
  void garbage_isBounded() {
    for (String header :
        new String[] {"", ";", ",,", "=", "for", "for=", "host=\"", "proto=\"\"", "\"host=a"}) {
      request.put("Forwarded", header);
      assertEquals("http", scheme("http"), header);
      client();
      authority();
    }
    request.put("X-Forwarded-Proto", "gopher://a-label-without-bound");
    assertEquals("http", scheme("http"));
  }

  @Test
  void hostAndPort_ofEveryForm() {
    check("shop.example", 80, "shop.example", "http");
    check("shop.example", 443, "shop.example", "https");
    check("shop.example", 8080, "shop.example:8080", "http");
    check("10.0.0.1", 9000, "10.0.0.1:9000", "https");
    check("::1", 8080, "[::1]:8080", "http");
    check("::1", 80, "[::1]", "http");
    check("2001:db8::1", 443, "2001:db8::1", "https");
    check("shop.example", 80, "shop.example:", "http");
    check("shop.example", 80, "shop.example:99999999999", "http");
    check("shop.example", 80, "shop.example:8o", "http");
  }

  private static void check(String host, int port, String authority, String scheme) {
    Origin.Authority found = Origin.Authority.of(authority);
    assertEquals(host, found.host, authority);
    assertEquals(port, found.port(scheme), authority);
    assertSame(found, Origin.Authority.of(authority), "taken apart once");
  }
}
