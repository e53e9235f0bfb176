package app;

import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;

/** The asynchronous client. */
final class Async implements Client {
  private final CloseableHttpAsyncClient client = HttpAsyncClients.createDefault();

  Async() {
    client.start();
  }

  @Override
  public int send(String method, URI uri) throws Exception {
    SimpleHttpRequest request = new SimpleHttpRequest(method, uri);
    if (method.equals("POST")) {
      request.setBody("12345", ContentType.TEXT_PLAIN);
    }
    return status(client.execute(request, null));
  }

  @Override
  public int relative(URI uri) throws Exception {
    HttpHost host = new HttpHost("http", uri.getHost(), uri.getPort());
    return status(
        client.execute(
            new SimpleHttpRequest("GET", host, uri.getPath() + "?" + uri.getQuery()), null));
  }

  @Override
  public int minimal(URI uri) throws Exception {
    try (CloseableHttpAsyncClient minimal = HttpAsyncClients.createMinimal()) {
      minimal.start();
      return status(minimal.execute(new SimpleHttpRequest("GET", uri), null));
    }
  }

  @Override
  public boolean cancel(URI uri) throws Exception {
    Future<SimpleHttpResponse> future = client.execute(new SimpleHttpRequest("GET", uri), null);
    Thread.sleep(200);
    return future.cancel(true);
  }

  @Override
  public boolean callback(URI uri, Runnable inside) throws Exception {
    status(
        client.execute(
            new SimpleHttpRequest("GET", uri),
            new FutureCallback<SimpleHttpResponse>() {
              @Override
              public void completed(SimpleHttpResponse response) {
                inside.run();
              }

              @Override
              public void failed(Exception e) {}

              @Override
              public void cancelled() {}
            }));
    return true;
  }

  private static int status(Future<SimpleHttpResponse> response) throws Exception {
    try {
      return response.get(10, TimeUnit.SECONDS).getCode();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }
}
