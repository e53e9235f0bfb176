package io.sonde.core;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** W3C baggage, carried on as it came, up to the specification's 64 members and 8,192 bytes. */
final class Baggage implements Propagation.Format {
  static final int MAX_MEMBERS = 64;
  static final int MAX_LENGTH = 8192;
  private static final int MAX_READ = 64 * 1024;

  @Override
  public <C> void extract(C carrier, Headers<C> headers, Incoming into) {
    String header = headers.all(carrier, "baggage");
    if (header != null) {
      String checked = checked(header);
      if (checked != null) {
        into.baggage = checked;
      }
    }
  }

  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    String baggage = span.baggage();
    if (baggage != null) {
      sink.set(carrier, "baggage", baggage);
    }
  }

  /**
   * The header, or as many whole members of it as the limits allow; null where it has characters
   * that no header may have.
   */
  static @Nullable String checked(String header) {
    int length = header.length();
    if (length == 0 || length > MAX_READ) {
      return null;
    }
    int members = 0;
    int end = 0;
    for (int i = 0; i <= length; i++) {
      char c = i == length ? ',' : header.charAt(i);
      if ((c < ' ' && c != '\t') || c > '~') {
        return null;
      }
      if (c == ',' && i <= MAX_LENGTH && ++members <= MAX_MEMBERS) {
        end = i;
      }
    }
    return end == length ? header : end == 0 ? null : header.substring(0, end);
  }

  /** Reads a header for each entry, as Jaeger and OpenTracing have them, into W3C's form. */
  static <C> void extractPrefixed(C carrier, Headers<C> headers, String prefix, Incoming into) {
    if (into.baggage != null) {
      return;
    }
    Iterable<String> names = headers.names(carrier);
    if (names == null) {
      return;
    }
    StringBuilder baggage = null;
    int members = 0;
    for (String name : names) {
      int length = name.length();
      if (length <= prefix.length() || !name.regionMatches(true, 0, prefix, 0, prefix.length())) {
        continue;
      }
      String value = headers.get(carrier, name);
      String key = name.substring(prefix.length());
      if (value == null || !isToken(key)) {
        continue;
      }
      if (baggage == null) {
        baggage = new StringBuilder(64);
      }
      int before = baggage.length();
      append(baggage, key, value);
      if (baggage.length() > MAX_LENGTH || ++members > MAX_MEMBERS) {
        baggage.setLength(before);
        break;
      }
    }
    if (baggage != null && baggage.length() > 0) {
      into.baggage = baggage.toString();
    }
  }

  /** Appends a member; characters that a W3C value cannot have are percent-encoded. */
  static void append(StringBuilder baggage, String key, String value) {
    if (baggage.length() > 0) {
      baggage.append(',');
    }
    baggage.append(key).append('=');
    for (int i = 0; i < value.length() && baggage.length() <= MAX_LENGTH; i++) {
      char c = value.charAt(i);
      if (c > ' ' && c <= '~' && "\",;\\".indexOf(c) < 0) {
        baggage.append(c);
      } else if (c < 0x80) {
        baggage.append('%').append(upper(c >> 4)).append(upper(c & 15));
      }
    }
  }

  private static char upper(int digit) {
    return Character.toUpperCase(Hex.digit(digit));
  }

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~' || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * Writes a header for each member; what follows a value behind a semicolon has no place there.
   */
  static <C> void injectPrefixed(Span span, C carrier, HeaderSink<C> sink, String prefix) {
    String baggage = span.baggage();
    if (baggage == null) {
      return;
    }
    for (String member : baggage.split(",", MAX_MEMBERS + 1)) {
      int equals = member.indexOf('=');
      if (equals <= 0) {
        continue;
      }
      String key = member.substring(0, equals).trim();
      int semicolon = member.indexOf(';', equals);
      String value =
          member.substring(equals + 1, semicolon < 0 ? member.length() : semicolon).trim();
      if (isToken(key) && member.indexOf(',') < 0) {
        sink.set(carrier, prefix + key.toLowerCase(Locale.ROOT), value);
      }
    }
  }
}
