package app;

import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/** The classic client. */
final class Classic implements Client {
  private final CloseableHttpClient client = HttpClients.createDefault();

  @Override
  public int send(String method, URI uri) throws IOException {
    HttpUriRequestBase request = method.equals("POST") ? new HttpPost(uri) : new HttpGet(uri);
    if (method.equals("POST")) {
      request.setEntity(new StringEntity("12345"));
    }
    return status(client, null, request);
  }

  @Override
  public int relative(URI uri) throws IOException {
    HttpHost host = new HttpHost("http", uri.getHost(), uri.getPort());
    return status(
        client, host, new BasicClassicHttpRequest("GET", uri.getPath() + "?" + uri.getQuery()));
  }

  @Override
  public int minimal(URI uri) throws IOException {
    try (CloseableHttpClient minimal = HttpClients.createMinimal()) {
      HttpHost host = new HttpHost("http", uri.getHost(), uri.getPort());
      return status(minimal, host, new HttpGet(uri));
    }
  }

  private static int status(CloseableHttpClient client, HttpHost host, ClassicHttpRequest request)
      throws IOException {
    if (host == null) {
      return client.execute(
          request,
          response -> {
            EntityUtils.consume(response.getEntity());
            return response.getCode();
          });
    }
    return client.execute(
        host,
        request,
        response -> {
          EntityUtils.consume(response.getEntity());
          return response.getCode();
        });
  }
}
