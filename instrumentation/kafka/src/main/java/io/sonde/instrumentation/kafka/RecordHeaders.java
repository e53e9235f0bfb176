package io.sonde.instrumentation.kafka;

import io.sonde.core.HeaderSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads and writes the headers of a record; of several with one name the last counts. */
final class RecordHeaders implements io.sonde.core.Headers<Headers>, HeaderSink<Headers> {
  static final RecordHeaders INSTANCE = new RecordHeaders();
  private static final int LONGEST = 64 * 1024;

  private RecordHeaders() {}

  @Override
  public @Nullable String get(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    byte[] value = header == null ? null : header.value();
    return value == null || value.length > LONGEST
        ? null
        : new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public Iterable<String> names(Headers headers) {
    List<String> names = new ArrayList<>();
    for (Header header : headers) {
      names.add(header.key());
    }
    return names;
  }

  @Override
  public void set(Headers headers, String name, String value) {
    if (headers.lastHeader(name) != null) {
      headers.remove(name);
    }
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
