package app;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** java.net.http. */
final class JdkClient implements Caller {
  private final HttpClient client =
      HttpClient.newBuilder()
          .authenticator(UrlConnection.credentials())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final Duration patience;

  JdkClient(int patience) {
    this.patience = Duration.ofMillis(patience);
  }

  @Override
  public int get(URI uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(patience).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }
}
