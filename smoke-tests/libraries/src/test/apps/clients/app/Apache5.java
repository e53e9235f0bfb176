package app;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** The classic client of Apache HttpClient 5. */
final class Apache5 implements Caller {
  private final CloseableHttpClient client;

  Apache5(int patience) {
    client =
        HttpClients.custom()
            .useSystemProperties()
            .setDefaultCredentialsProvider(credentials())
            .setDefaultRequestConfig(patience(patience))
            .build();
  }

  static BasicCredentialsProvider credentials() {
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    credentials.setCredentials(
        new AuthScope(null, -1),
        new UsernamePasswordCredentials(USER, PASSWORD.toCharArray()));
    return credentials;
  }

  static RequestConfig patience(int patience) {
    return RequestConfig.custom()
        .setResponseTimeout(patience, TimeUnit.MILLISECONDS)
        .build();
  }

  @Override
  public int get(URI uri) throws Exception {
    return client.execute(
        new HttpGet(uri),
        response -> {
          EntityUtils.consume(response.getEntity());
          return response.getCode();
        });
  }
}
