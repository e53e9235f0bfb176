package io.sonde.profiler;

/** An engine cannot run on this JVM; the message says why. */
public final class Unavailable extends Exception {
  private static final long serialVersionUID = 1;

  /** For that reason. */
  public Unavailable(String reason) {
    super(reason);
  }
}
