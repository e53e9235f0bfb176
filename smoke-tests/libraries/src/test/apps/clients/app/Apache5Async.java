package app;

import java.net.URI;
import java.util.concurrent.ExecutionException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;

/** The asynchronous client of Apache HttpClient 5. */
final class Apache5Async implements Caller {
  private final CloseableHttpAsyncClient client;

  Apache5Async(int patience) {
    client =
        HttpAsyncClients.custom()
            .useSystemProperties()
            .setDefaultCredentialsProvider(Apache5.credentials())
            .setDefaultRequestConfig(Apache5.patience(patience))
            .build();
    client.start();
  }

  @Override
  public int get(URI uri) throws Exception {
    try {
      return client.execute(new SimpleHttpRequest("GET", uri), null).get().getCode();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }
}
