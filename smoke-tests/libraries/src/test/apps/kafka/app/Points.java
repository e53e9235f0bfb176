package app;

import java.lang.reflect.Method;

/** Which span the program is under at a point. */
final class Points {
  private Points() {}

  static void at(String point) {
    say(point, ids());
  }

  static synchronized void say(String point, String text) {
    System.out.println("AT " + point + " " + text);
  }

  /** Trace and span that a log would show here. */
  private static String ids() {
    try {
      Class<?> type = Class.forName("io.sonde.core.LogIds", true, null);
      Method current = type.getMethod("current");
      Object ids = current.invoke(null);
      return ids == null
          ? "-"
          : type.getField("traceId").get(ids) + "-" + type.getField("spanId").get(ids);
    } catch (ReflectiveOperationException e) {
      return e.toString();
    }
  }
}
