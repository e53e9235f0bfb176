package io.sonde.exporters.prometheus.write;

import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Traffic;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The HTTP client, with what every request has. */
final class Sender {
  private final OkHttpClient client;
  private final HttpUrl url;
  private final Map<String, String> headers = new LinkedHashMap<>();

  /** Throws an IllegalArgumentException where the address is no URL. */
  Sender(Receiver receiver, String agentVersion) {
    url = HttpUrl.get(receiver.url);
    headers.put("User-Agent", "sonde/" + agentVersion);
    if (!url.username().isEmpty()) {
      headers.put("Authorization", Access.basic(url.username(), url.password()));
    }
    headers.putAll(receiver.headers);
    long timeout = receiver.timeoutMillis;
    client =
        new OkHttpClient.Builder()
            .callTimeout(timeout, TimeUnit.MILLISECONDS)
            .connectTimeout(timeout, TimeUnit.MILLISECONDS)
            .readTimeout(timeout, TimeUnit.MILLISECONDS)
            .writeTimeout(timeout, TimeUnit.MILLISECONDS)
            // A redirect would turn the POST into a GET.
            .followRedirects(false)
            .fastFallback(false)
            .connectionPool(new ConnectionPool(1, 30, TimeUnit.SECONDS))
            .build();
  }

  Answer post(byte[] compressed, Version version) {
    Request.Builder request = new Request.Builder().url(url);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      request.header(header.getKey(), header.getValue());
    }
    // What the user sets must not change what the body is.
    request
        .header("Content-Encoding", "snappy")
        .header("X-Prometheus-Remote-Write-Version", version.number)
        .post(RequestBody.create(compressed, MediaType.get(version.contentType)));
    Traffic.SAMPLES.sent(compressed.length);
    Answer answer = answer(request.build());
    Traffic.SAMPLES.over(answer.outcome == Outcome.EXPORTED);
    return answer;
  }

  private Answer answer(Request request) {
    try (Response response = client.newCall(request).execute()) {
      return Answer.of(response);
    } catch (IOException e) {
      return Answer.of(e);
    }
  }

  /** Breaks off a request that is under way. */
  void cancel() {
    client.dispatcher().cancelAll();
  }
}
