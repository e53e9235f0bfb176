package io.sonde.profiler.jfr;

import io.sonde.profiler.Inside;
import io.sonde.profiler.Plan;
import jdk.jfr.FlightRecorder;

/**
 * How many frames of a stack Flight Recorder takes: one number for all recordings of the JVM, which
 * nobody can change once it has begun. The public way to it, a command by JMX, begins all of JMX:
 * 160 to 340 ms of CPU time, and the application's {@code LogManager} before it may be ready. So it
 * is set where that command sets it, which is 10 to 20 ms.
 */
final class StackDepth {
  private static final String OPTIONS = "jdk.jfr.internal.Options";

  /** What it is unless somebody has chosen. */
  private static final int USUAL = 64;

  private StackDepth() {}

  /**
   * Sets what is planned where Flight Recorder has not begun, and lowers nothing that somebody has
   * chosen by the JVM's options or jcmd.
   *
   * @return what to tell where it is not what was asked for, or nothing
   */
  static String set(Plan plan) {
    int wanted = plan.stackDepth;
    try {
      Inside.open();
      Class<?> options = Class.forName(OPTIONS);
      int depth = (int) options.getMethod("getStackDepth").invoke(null);
      boolean begun = FlightRecorder.isInitialized();
      boolean mayChange = depth == USUAL || plan.stackDepthAsked && depth < wanted;
      if (!begun && mayChange) {
        options.getMethod("setStackDepth", Integer.class).invoke(null, wanted);
        depth = wanted;
      }
      return depth == wanted || !plan.stackDepthAsked
          ? ""
          : ", stacks of "
              + depth
              + " frames, not "
              + wanted
              + (begun ? ": Flight Recorder had begun" : ": Flight Recorder was told so");
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return plan.stackDepthAsked ? ", stacks not of " + wanted + " frames: " + e : "";
    }
  }
}
