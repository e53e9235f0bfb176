package app;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;

/** OkHttp. */
final class OkHttp implements Caller {
  private final OkHttpClient client;

  OkHttp(int patience) {
    client =
        new OkHttpClient.Builder()
            .readTimeout(patience, TimeUnit.MILLISECONDS)
            .authenticator(
                new Authenticator() {
                  @Override
                  public Request authenticate(Route route, Response response) {
                    return response
                        .request()
                        .newBuilder()
                        .header("Authorization", Credentials.basic(USER, PASSWORD))
                        .build();
                  }
                })
            .build();
  }

  @Override
  public int get(URI uri) throws Exception {
    Request request = new Request.Builder().url(uri.toString()).build();
    try (Response response = client.newCall(request).execute()) {
      return response.code();
    }
  }
}
