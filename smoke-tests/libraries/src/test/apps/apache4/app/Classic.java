package app;

import java.io.IOException;
import java.net.URI;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.HttpClient;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.message.BasicHttpRequest;
import org.apache.http.util.EntityUtils;

/** HttpClient 4, as people make one in this version. */
final class Classic implements Client {
  private final HttpClient client = new DefaultHttpClient();

  @Override
  public int send(String method, URI uri) throws IOException {
    HttpUriRequest request = new HttpGet(uri);
    if (method.equals("POST")) {
      HttpPost post = new HttpPost(uri);
      post.setEntity(new StringEntity("12345"));
      request = post;
    }
    return status(client.execute(request));
  }

  @Override
  public int relative(URI uri) throws IOException {
    HttpHost host = new HttpHost(uri.getHost(), uri.getPort(), "http");
    return status(
        client.execute(host, new BasicHttpRequest("GET", uri.getPath() + "?" + uri.getQuery())));
  }

  @Override
  public int minimal(URI uri) throws IOException {
    HttpClient minimal = new DefaultHttpClient();
    return status(minimal.execute(new HttpGet(uri)));
  }

  private static int status(HttpResponse response) throws IOException {
    if (response.getEntity() != null) {
      EntityUtils.toString(response.getEntity());
    }
    return response.getStatusLine().getStatusCode();
  }
}
