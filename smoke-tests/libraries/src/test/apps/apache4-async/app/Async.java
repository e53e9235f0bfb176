package app;

import java.net.URI;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.message.BasicHttpRequest;

/** HttpAsyncClient 4. */
final class Async implements Client {
  private final CloseableHttpAsyncClient client = HttpAsyncClients.createDefault();

  Async() {
    client.start();
  }

  @Override
  public int send(String method, URI uri) throws Exception {
    HttpUriRequest request = new HttpGet(uri);
    if (method.equals("POST")) {
      HttpPost post = new HttpPost(uri);
      post.setEntity(new StringEntity("12345"));
      request = post;
    }
    return status(client.execute(request, null));
  }

  @Override
  public int relative(URI uri) throws Exception {
    HttpHost host = new HttpHost(uri.getHost(), uri.getPort(), "http");
    BasicHttpRequest request = new BasicHttpRequest("GET", uri.getPath() + "?" + uri.getQuery());
    return status(client.execute(host, request, null));
  }

  @Override
  public int minimal(URI uri) throws Exception {
    try (CloseableHttpAsyncClient minimal = HttpAsyncClients.createMinimal()) {
      minimal.start();
      return status(minimal.execute(new HttpGet(uri), null));
    }
  }

  @Override
  public boolean cancel(URI uri) throws Exception {
    Future<HttpResponse> future = client.execute(new HttpGet(uri), null);
    Thread.sleep(200);
    return future.cancel(true);
  }

  @Override
  public boolean callback(URI uri, Runnable inside) throws Exception {
    status(
        client.execute(
            new HttpGet(uri),
            new FutureCallback<HttpResponse>() {
              @Override
              public void completed(HttpResponse response) {
                inside.run();
              }

              @Override
              public void failed(Exception e) {}

              @Override
              public void cancelled() {}
            }));
    return true;
  }

  private static int status(Future<HttpResponse> response) throws Exception {
    try {
      return response.get(10, TimeUnit.SECONDS).getStatusLine().getStatusCode();
    } catch (java.util.concurrent.ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }
}
