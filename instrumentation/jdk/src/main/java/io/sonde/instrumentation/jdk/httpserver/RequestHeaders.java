package io.sonde.instrumentation.jdk.httpserver;

import com.sun.net.httpserver.Headers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one request, noted in one walk: the server's own look-up makes new strings of each
 * name that is asked for, and each further walk has an iterator. One is kept and used again, by
 * whichever thread comes first, since a thread may live for a request only.
 */
final class RequestHeaders implements Consumer<Map.Entry<String, List<String>>> {
  static final io.sonde.core.Headers<RequestHeaders> READ = new Read();

  private static final int USUAL = 64;
  private static final AtomicReference<@Nullable RequestHeaders> SPARE = new AtomicReference<>();

  private @Nullable String[] names = new String[USUAL];
  private @Nullable List<String>[] values = lists(USUAL);
  private int count;

  private RequestHeaders() {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable List<String>[] lists(int length) {
    return new List[length];
  }

  /** Notes these; {@link #release} them. */
  static RequestHeaders of(Headers headers) {
    RequestHeaders spare = SPARE.getAndSet(null);
    RequestHeaders noted = spare != null ? spare : new RequestHeaders();
    headers.entrySet().forEach(noted);
    return noted;
  }

  @Override
  public void accept(Map.Entry<String, List<String>> header) {
    if (count == names.length) {
      names = Arrays.copyOf(names, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    names[count] = header.getKey();
    values[count++] = header.getValue();
  }

  /** Keeps nothing of the request. */
  void release() {
    if (names.length == USUAL) {
      Arrays.fill(names, 0, count, null);
      Arrays.fill(values, 0, count, null);
      count = 0;
      SPARE.set(this);
    }
  }

  private @Nullable List<String> values(String name) {
    for (int i = 0; i < count; i++) {
      if (name.equalsIgnoreCase(names[i])) {
        List<String> found = values[i];
        return found == null || found.isEmpty() ? null : found;
      }
    }
    return null;
  }

  private static final class Read implements io.sonde.core.Headers<RequestHeaders> {
    Read() {}

    @Override
    public @Nullable String get(RequestHeaders headers, String name) {
      List<String> values = headers.values(name);
      return values == null ? null : values.get(0);
    }

    @Override
    public @Nullable String all(RequestHeaders headers, String name) {
      List<String> values = headers.values(name);
      return values == null || values.size() < 2 ? get(headers, name) : String.join(",", values);
    }

    @Override
    public Iterable<String> names(RequestHeaders headers) {
      return Arrays.asList(headers.names).subList(0, headers.count);
    }
  }
}
