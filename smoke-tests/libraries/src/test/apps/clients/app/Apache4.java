package app;

import java.net.URI;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Apache HttpClient 4. */
final class Apache4 implements Caller {
  private final CloseableHttpClient client;

  Apache4(int patience) {
    client =
        HttpClients.custom()
            .useSystemProperties()
            .setDefaultCredentialsProvider(credentials())
            .setDefaultRequestConfig(
                RequestConfig.custom().setSocketTimeout(patience).build())
            .build();
  }

  static BasicCredentialsProvider credentials() {
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    credentials.setCredentials(AuthScope.ANY, new UsernamePasswordCredentials(USER, PASSWORD));
    return credentials;
  }

  @Override
  public int get(URI uri) throws Exception {
    try (CloseableHttpResponse response = client.execute(new HttpGet(uri))) {
      EntityUtils.consume(response.getEntity());
      return response.getStatusLine().getStatusCode();
    }
  }
}
