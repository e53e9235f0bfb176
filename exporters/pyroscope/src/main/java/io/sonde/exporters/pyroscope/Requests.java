package io.sonde.exporters.pyroscope;

import io.sonde.profiler.pprof.Bytes;
import io.sonde.profiler.pprof.ProfileType;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Makes the requests: Connect's protobuf for push.v1, or a form for /ingest.
 *
 * <p>Protobuf and not Connect's JSON: that would send the profiles in base64, a third more.
 */
final class Requests {
  private static final MediaType PROTOBUF = MediaType.get("application/proto");
  private static final MediaType BINARY = MediaType.get("application/octet-stream");

  /**
   * What /ingest, which goes by sample types, is to call those that say too little: waits for a
   * monitor and parks have the same.
   */
  private static final Map<ProfileType, String> SHOWN = new EnumMap<>(ProfileType.class);

  static {
    SHOWN.put(
        ProfileType.BLOCK,
        "{\"contentions\":{\"units\":\"lock_samples\",\"display-name\":\"block_count\"},"
            + "\"delay\":{\"units\":\"lock_nanoseconds\",\"display-name\":\"block_duration\"}}");
    SHOWN.put(
        ProfileType.EXCEPTION,
        "{\"exceptions\":{\"units\":\"samples\",\"display-name\":\"exception\"}}");
  }

  private final Server server;
  private final Map<String, String> labels;
  private final HttpUrl url;
  private final String userAgent;

  /** Throws an IllegalArgumentException where the address is no URL. */
  Requests(Server server, Map<String, String> labels, String version) {
    this.server = server;
    this.labels = labels;
    HttpUrl base = HttpUrl.get(server.address);
    url =
        server.push
            ? base.newBuilder().addPathSegments("push.v1.PusherService/Push").build()
            : base.newBuilder().addPathSegment("ingest").build();
    userAgent = "sonde/" + version;
  }

  Request of(Upload upload) {
    Request.Builder request = new Request.Builder().header("User-Agent", userAgent);
    if (!url.username().isEmpty()) {
      request.header("Authorization", Server.basic(url.username() + ':' + url.password()));
    }
    for (Map.Entry<String, String> header : server.headers.entrySet()) {
      request.header(header.getKey(), header.getValue());
    }
    if (server.push) {
      return request
          .url(url)
          .header("Connect-Protocol-Version", "1")
          .post(RequestBody.create(push(upload), PROTOBUF))
          .build();
    }
    return request.url(ingestUrl(upload)).post(form(upload)).build();
  }

  private byte[] push(Upload upload) {
    Bytes series = new Bytes(upload.content.length + 4096);
    Bytes inner = new Bytes(upload.content.length + 64);
    label(series, inner, "__name__", Objects.requireNonNull(upload.type).series());
    // The values are of this window alone: the server must not take differences.
    label(series, inner, "__delta__", "false");
    for (Map.Entry<String, String> label : labels.entrySet()) {
      label(series, inner, label.getKey(), label.getValue());
    }
    inner.clear();
    inner.bytes(1, upload.content, upload.content.length);
    inner.text(2, uuid());
    series.bytes(2, inner);
    Bytes request = new Bytes(upload.content.length + 4096);
    request.bytes(1, series);
    return request.copy();
  }

  private static void label(Bytes series, Bytes inner, String name, String value) {
    inner.clear();
    inner.text(1, name);
    inner.text(2, value);
    series.bytes(1, inner);
  }

  /** A version 4 UUID; SecureRandom would load its providers and may wait for entropy. */
  private static String uuid() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long hi = random.nextLong() & ~0xF000L | 0x4000L;
    return new UUID(hi, random.nextLong() >>> 2 | 1L << 63).toString();
  }

  private HttpUrl ingestUrl(Upload upload) {
    StringBuilder name = new StringBuilder().append(labels.get("service_name")).append('{');
    String comma = "";
    for (Map.Entry<String, String> label : labels.entrySet()) {
      // Which of them the server sets by itself.
      boolean own = label.getKey().equals("service_name") || label.getKey().equals("pyroscope_spy");
      if (!own) {
        name.append(comma).append(label.getKey()).append('=').append(plain(label.getValue()));
        comma = ",";
      }
    }
    HttpUrl.Builder query =
        url.newBuilder()
            .addQueryParameter("name", name.append('}').toString())
            .addQueryParameter("from", Long.toString(upload.startEpochNanos / 1_000_000_000))
            .addQueryParameter("until", Long.toString(upload.endEpochNanos / 1_000_000_000))
            .addQueryParameter("spyName", "javaspy");
    if (server.jfr) {
      query.addQueryParameter("format", "jfr");
      query.addQueryParameter("sampleRate", Long.toString(upload.sampleRate));
    }
    return query.build();
  }

  /** The name's syntax has no quotes. */
  private static String plain(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      plain.append(c == ',' || c == '=' || c == '{' || c == '}' ? '_' : c);
    }
    return plain.toString();
  }

  /** A recording goes without labels of its samples: nothing in it says which context was whose. */
  private static RequestBody form(Upload upload) {
    MultipartBody.Builder form =
        new MultipartBody.Builder("sonde-" + uuid()).setType(MultipartBody.FORM);
    RequestBody content = RequestBody.create(upload.content, BINARY);
    if (upload.type == null) {
      return form.addFormDataPart("jfr", "jfr", content).build();
    }
    form.addFormDataPart("profile", "profile.pprof", content);
    String shown = SHOWN.get(upload.type);
    if (shown != null) {
      byte[] json = shown.getBytes(StandardCharsets.US_ASCII);
      form.addFormDataPart(
          "sample_type_config", "sample_type_config.json", RequestBody.create(json, BINARY));
    }
    return form.build();
  }
}
