package app;

import java.net.URI;
import java.util.concurrent.ExecutionException;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClients;

/** Apache HttpAsyncClient 4. */
final class Apache4Async implements Caller {
  private final CloseableHttpAsyncClient client;

  Apache4Async(int patience) {
    client =
        HttpAsyncClients.custom()
            .useSystemProperties()
            .setDefaultCredentialsProvider(Apache4.credentials())
            .setDefaultRequestConfig(
                RequestConfig.custom().setSocketTimeout(patience).build())
            .build();
    client.start();
  }

  @Override
  public int get(URI uri) throws Exception {
    try {
      return client.execute(new HttpGet(uri), null).get().getStatusLine().getStatusCode();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }
}
