package io.sonde.weaver;

import io.sonde.core.Messages;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** The module system, which this Java 8 does not know. */
abstract class Modules {
  /**
   * Set by the class of Java 9 and newer as it is initialised: a first constructor or method by
   * reflection takes the JVM longer than reading the index.
   */
  static @Nullable Modules known;

  /** The module system, or null where there is none. */
  static synchronized @Nullable Modules find() {
    try {
      Class.forName("java.lang.Module");
      Class.forName("io.sonde.weaver.JavaModules");
    } catch (ClassNotFoundException e) {
      return null;
    }
    return known;
  }

  /** Opens packages of java.base to the agent, and lets java.base read it. */
  abstract void open(Instrumentation instrumentation, String... packages);

  /** Opens the inside of Flight Recorder to the agent, where the JVM has one. */
  abstract void openFlightRecorder(Instrumentation instrumentation);

  /** The transformer that connects modules. */
  abstract Transformer transformer(
      Instrumentation instrumentation,
      Index index,
      Definitions definitions,
      Weaver.Watcher watcher,
      Report report,
      Messages messages);
}
