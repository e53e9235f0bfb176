package io.sonde.weaver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of each target that was seen, for {@code why}: woven, skipped, failed, and the
 * reason.
 *
 * <p>Bounded: beyond {@link #MAX} targets only their number is kept.
 */
public final class Report {
  static final int MAX = 1000;

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();
  private long more;
  private @Nullable Reader reader;

  synchronized void add(
      String library,
      String outcome,
      String type,
      String loader,
      @Nullable String source,
      String detail) {
    String key = outcome + '\t' + library + '\t' + type + '\t' + loader;
    Integer number = numbers.get(key);
    if (number == null && lines.size() >= MAX) {
      more++;
      return;
    }
    String line = key + '\t' + (source == null ? "" : source) + '\t' + detail;
    if (number == null) {
      number = lines.size();
      numbers.put(key, number);
      lines.add(line);
    } else {
      lines.set(number, line);
    }
    if (reader != null) {
      reader.line(number, line);
    }
  }

  /** Hands over every line there is and every one to come. */
  public synchronized void reader(Reader to) {
    reader = to;
    for (int i = 0; i < lines.size(); i++) {
      to.line(i, lines.get(i));
    }
  }

  /** How many targets there was no room for. */
  public synchronized long more() {
    return more;
  }

  /** Takes lines: outcome, library, class, loader, source and detail with tabs between. */
  public interface Reader {
    /** Line {@code number} is this from now on. */
    void line(int number, String line);
  }
}
