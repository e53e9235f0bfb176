package io.sonde.soak;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import java.util.ArrayList;
import java.util.List;

/** A JVM and the engine that is to profile it. */
record Subject(Jdk jdk, String engine) {
  /** Those of a list such as "8:async,17:jfr" whose JDK is here. */
  static List<Subject> of(String list) {
    List<Subject> subjects = new ArrayList<>();
    for (String each : list.split(",")) {
      String[] parts = each.split(":");
      int version = Integer.parseInt(parts[0]);
      Jdks.of(version)
          .ifPresentOrElse(
              jdk -> subjects.add(new Subject(jdk, parts[1])),
              () -> System.err.println("soak: JDK " + version + " is not on this machine"));
    }
    return subjects;
  }

  @Override
  public String toString() {
    return jdk.version() + " " + engine;
  }
}
