package io.sonde.weaver;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of each target that was seen, for {@code why}: woven, skipped, failed, and the reason.
 *
 * <p>Bounded: beyond {@link #MAX} targets only their number is kept.
 */
public final class Report {
  static final int MAX = 1000;

  private final Map<String, String> lines = new LinkedHashMap<>();
  private long more;
  private volatile long version;

  synchronized void add(
      String library, String outcome, String type, String loader, @Nullable String source, String detail) {
    String key = outcome + '\t' + library + '\t' + type + '\t' + loader;
    if (lines.size() >= MAX && !lines.containsKey(key)) {
      more++;
    } else {
      lines.put(key, (source == null ? "" : source) + '\t' + detail);
    }
    version++;
  }

  /** Grows with every change. */
  public long version() {
    return version;
  }

  /** One line a target: outcome, library, class, loader, source, detail, with tabs between. */
  public synchronized String text() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> line : lines.entrySet()) {
      text.append(line.getKey()).append('\t').append(line.getValue()).append('\n');
    }
    if (more > 0) {
      text.append("more\t").append(more).append('\n');
    }
    return text.toString();
  }
}
