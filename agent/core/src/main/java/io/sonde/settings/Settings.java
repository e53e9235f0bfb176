package io.sonde.settings;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of the options: a system property, else an environment variable, else the default.
 *
 * <p>A value that cannot be read counts as absent and becomes a {@link #problems() problem}. An
 * empty value counts as absent.
 */
public final class Settings {
  /** Settings with a number behind their name are looked for up to this one. */
  public static final int MOST_NUMBERED = 9;

  /** Words of OpenTelemetry's names that have a dash between them as a system property. */
  private static final String[] WITH_DASH = {
    "default-enabled",
    "known-methods",
    "receive-telemetry",
    "db-statement-sanitizer",
    "apache-httpclient",
    "apache-httpasyncclient",
    "apache-dbcp",
    "java-http-client",
    "java-http-server",
    "http-url-connection",
    "log4j-context-data",
    "logback-mdc",
    "spring-webmvc",
    "tomcat-jdbc"
  };

  private final Source properties;
  private final Source environment;
  private final Map<String, String> problems;

  /** What stands behind the names of the options. */
  private final String number;

  /** Reads from these two. */
  public Settings(Source properties, Source environment) {
    this(properties, environment, new LinkedHashMap<>(), "");
  }

  private Settings(
      Source properties, Source environment, Map<String, String> problems, String number) {
    this.properties = properties;
    this.environment = environment;
    this.problems = problems;
    this.number = number;
  }

  /** The values of the options with {@code _number} behind their names; problems are those here. */
  public Settings numbered(int number) {
    return new Settings(properties, environment, problems, "_" + number);
  }

  /** The option's name as the user writes it. */
  public String name(Option option) {
    return option.name() + number;
  }

  /** Where values come from. */
  public interface Source {
    /** The value of that name, or null. */
    @Nullable String get(String name);

    /** Where that value comes from, for the user to read. */
    default String origin(String name) {
      return "environment";
    }
  }

  /** The system properties that this reads, for what is no setting of the agent. */
  public Source properties() {
    return properties;
  }

  /** The environment that this reads, for what is no setting of the agent. */
  public Source environment() {
    return environment;
  }

  static String property(String name) {
    String dotted = name.toLowerCase(Locale.ROOT).replace('_', '.');
    if (!dotted.startsWith("otel.instrumentation.")) {
      return dotted;
    }
    for (String words : WITH_DASH) {
      String dots = words.replace('-', '.');
      int at = dotted.indexOf(dots);
      if (at >= 0) {
        dotted = dotted.substring(0, at) + words + dotted.substring(at + dots.length());
      }
    }
    return dotted;
  }

  /** The value as it was set, or null; for names that are no {@link Option}. */
  public @Nullable String raw(String name) {
    String property = property(name);
    String value = trimmed(properties.get(property));
    if (value == null && name.startsWith("PYROSCOPE_")) {
      // The Pyroscope agent takes the property by the variable's name too.
      value = trimmed(properties.get(name));
    }
    if (value == null && property.indexOf('-') >= 0) {
      value = trimmed(properties.get(property.replace('-', '.')));
    }
    return value != null ? value : trimmed(environment.get(name));
  }

  private static @Nullable String trimmed(@Nullable String value) {
    if (value == null) {
      return null;
    }
    String trimmed = value.trim();
    return trimmed.isEmpty() ? null : trimmed;
  }

  /**
   * What is not the default, by name: the value and where it comes from, for the user to read.
   * Secrets are hidden.
   */
  public Map<String, String> shown() {
    Map<String, String> all = new LinkedHashMap<>();
    boolean several = isSet(Option.SONDE_REMOTE_WRITE_URL);
    for (Option option : Option.values()) {
      show(option, all);
      for (int i = 1;
          several && i <= MOST_NUMBERED && option.name().startsWith("SONDE_REMOTE_WRITE_");
          i++) {
        numbered(i).show(option, all);
      }
    }
    return all;
  }

  private void show(Option option, Map<String, String> all) {
    String name = name(option);
    String value = raw(name);
    if (value == null || value.equals(option.byDefault)) {
      return;
    }
    boolean environmental = value.equals(trimmed(environment.get(name)));
    String origin = environmental ? environment.origin(name) : "system property";
    boolean secret =
        option.name().endsWith("HEADERS") || name.contains("PASSWORD") || name.contains("TOKEN");
    String text = secret ? "…" : printable(withoutUsers(value), 200);
    all.put(name, text + " (" + origin + ')');
  }

  /** A user and password in a URL are nobody's business; there may be several URLs. */
  private static String withoutUsers(String value) {
    int next = value.indexOf(",http");
    while (next >= 0 && !value.startsWith("://", next + 5) && !value.startsWith("s://", next + 5)) {
      next = value.indexOf(",http", next + 1);
    }
    if (next >= 0) {
      return withoutUser(value.substring(0, next)) + ',' + withoutUsers(value.substring(next + 1));
    }
    return withoutUser(value);
  }

  private static String withoutUser(String value) {
    int start = value.indexOf("://");
    int at = value.lastIndexOf('@');
    return start < 0 || at < start
        ? value
        : value.substring(0, start + 3) + '…' + value.substring(at);
  }

  /** Whether the user set it. */
  public boolean isSet(Option option) {
    return raw(name(option)) != null;
  }

  /** The text, or the default, or null. */
  public @Nullable String text(Option option) {
    String value = raw(name(option));
    return value != null ? value : option.byDefault;
  }

  /** One of a few words, which OpenTelemetry wants to be known in capitals, too. */
  public @Nullable String word(Option option) {
    String value = text(option);
    return value == null ? null : value.toLowerCase(Locale.ROOT);
  }

  /** The text of the first one that is set, else the default of the last. */
  public @Nullable String text(Option first, Option last) {
    String value = raw(name(first));
    return value != null ? value : text(last);
  }

  /** True or false. */
  public boolean flag(Option option) {
    String value = raw(name(option));
    if (value != null) {
      if (value.equalsIgnoreCase("true") || value.equals("1")) {
        return true;
      }
      if (value.equalsIgnoreCase("false") || value.equals("0")) {
        return false;
      }
      wrong(option, value);
    }
    return "true".equals(option.byDefault);
  }

  /**
   * A whole number of at least {@code least}, or {@code otherwise} where none is set and there is
   * no default.
   */
  public int count(Option option, int least, int otherwise) {
    String value = raw(name(option));
    if (value != null) {
      try {
        int number = Integer.parseInt(value);
        if (number >= least) {
          return number;
        }
        problem(name(option), value, "a whole number of at least " + least);
      } catch (NumberFormatException e) {
        wrong(option, value);
      }
    }
    return option.byDefault == null ? otherwise : Integer.parseInt(option.byDefault);
  }

  /** A number of milliseconds; a unit of ms, s, m, h or d may follow. */
  public long millis(Option option, long otherwise) {
    String value = raw(name(option));
    if (value != null) {
      long millis = parseMillis(value);
      if (millis >= 0) {
        return millis;
      }
      wrong(option, value);
    }
    return option.byDefault == null ? otherwise : Long.parseLong(option.byDefault);
  }

  private static long parseMillis(String value) {
    int end = 0;
    while (end < value.length() && Character.isDigit(value.charAt(end))) {
      end++;
    }
    if (end == 0 || end > 12) {
      return -1;
    }
    long number = Long.parseLong(value.substring(0, end));
    switch (value.substring(end).trim()) {
      case "":
      case "ms":
        return number;
      case "s":
        return number * 1000;
      case "m":
        return number * 60_000;
      case "h":
        return number * 3_600_000;
      case "d":
        return number * 86_400_000;
      default:
        return -1;
    }
  }

  /** A length of time above zero: a number of nanoseconds, or with ms, us or s behind it. */
  public long nanos(Option option) {
    String value = raw(name(option));
    if (value != null) {
      long nanos = parseNanos(value);
      if (nanos > 0) {
        return nanos;
      }
      wrong(option, value);
    }
    return option.byDefault == null ? 0 : parseNanos(option.byDefault);
  }

  /** The same for a text that stands elsewhere; {@code otherwise} where it cannot be read. */
  public static long nanos(String text, long otherwise) {
    long nanos = parseNanos(text);
    return nanos > 0 ? nanos : otherwise;
  }

  private static long parseNanos(String value) {
    int end = 0;
    while (end < value.length() && value.charAt(end) >= '0' && value.charAt(end) <= '9') {
      end++;
    }
    if (end == 0 || end > 18) {
      return -1;
    }
    long number = Long.parseLong(value.substring(0, end));
    switch (value.substring(end).trim()) {
      case "":
      case "ns":
        return number;
      case "us":
        return within(number, 1000);
      case "ms":
        return within(number, 1_000_000);
      case "s":
        return within(number, 1_000_000_000);
      default:
        return -1;
    }
  }

  private static long within(long number, long unit) {
    return number > Long.MAX_VALUE / unit ? -1 : number * unit;
  }

  /** Names with commas. */
  public List<String> list(Option option) {
    String value = text(option);
    if (value == null) {
      return Collections.emptyList();
    }
    List<String> names = new ArrayList<>();
    for (String name : value.split(",")) {
      if (!name.trim().isEmpty()) {
        names.add(name.trim());
      }
    }
    return names;
  }

  /** key=value with commas, in order; keys and values URL-decoded. */
  public Map<String, String> pairs(Option option) {
    String value = raw(name(option));
    Map<String, String> pairs = new LinkedHashMap<>();
    if (value == null) {
      return pairs;
    }
    for (String pair : value.split(",")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        pairs.put(
            decode(pair.substring(0, equals).trim()), decode(pair.substring(equals + 1).trim()));
      } else if (!pair.trim().isEmpty()) {
        // What stands in a header is often a secret.
        wrong(option, option.name().endsWith("HEADERS") ? "…" : pair.trim());
      }
    }
    return pairs;
  }

  /** Percent-decoding without URLDecoder's plus sign and its exceptions. */
  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = new byte[text.length() * 3];
    int count = 0;
    int plain = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean end = i == text.length();
      int high = !end && text.charAt(i) == '%' ? digit(text, i + 1) : -1;
      int low = high < 0 ? -1 : digit(text, i + 2);
      if (end || low >= 0) {
        byte[] before = text.substring(plain, i).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(before, 0, bytes, count, before.length);
        count += before.length;
      }
      if (low >= 0) {
        bytes[count++] = (byte) (high << 4 | low);
        i += 2;
        plain = i + 1;
      }
    }
    return new String(bytes, 0, count, StandardCharsets.UTF_8);
  }

  private static int digit(String text, int at) {
    return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
  }

  private void wrong(Option option, String value) {
    problem(name(option), value, option.kind.expected);
  }

  /** Notes that a value could not be used. */
  public void problem(String name, String value, String expected) {
    problems.put(name, name + "='" + printable(value, 40) + "' (expected " + expected + ")");
  }

  private static String printable(String value, int longest) {
    String shown = value.length() > longest ? value.substring(0, longest) + "…" : value;
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      printable.append(Character.isISOControl(c) ? '?' : c);
    }
    return printable.toString();
  }

  /** What could not be used, one entry an option. */
  public List<String> problems() {
    return new ArrayList<>(problems.values());
  }
}
