package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * A response's status and the version of HTTP in the two bytes that the status has: a field for the
 * version would make each span eight bytes larger.
 */
final class HttpAnswer {
  private static final int STATUS_BITS = 12;
  private static final int STATUS = (1 << STATUS_BITS) - 1;

  private HttpAnswer() {}

  static int status(char answer) {
    return answer & STATUS;
  }

  /** What HTTP never has as a status becomes a bound. */
  static char withStatus(char answer, int status) {
    return (char) (answer & ~STATUS | Math.max(0, Math.min(status, STATUS)));
  }

  /** The version; null where it is not known, or none that there is. */
  static @Nullable String version(char answer) {
    switch (answer >> STATUS_BITS) {
      case 1:
        return "1.0";
      case 2:
        return "1.1";
      case 3:
        return "2";
      case 4:
        return "3";
      default:
        return null;
    }
  }

  static char withVersion(char answer, @Nullable String version) {
    return (char) (answer & STATUS | number(version) << STATUS_BITS);
  }

  private static int number(@Nullable String version) {
    if (version == null) {
      return 0;
    }
    switch (version) {
      case "1.0":
        return 1;
      case "1.1":
        return 2;
      case "2":
        return 3;
      case "3":
        return 4;
      default:
        return 0;
    }
  }
}
