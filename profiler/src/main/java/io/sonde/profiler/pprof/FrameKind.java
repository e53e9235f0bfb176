package io.sonde.profiler.pprof;

/** What a frame of a stack is. */
public enum FrameKind {
  /** Java code, compiled or not. */
  JAVA,
  /** A native method, or code outside of the JVM's Java world. */
  NATIVE,
  /** The class of an allocated object, as the leaf above the method that allocated it. */
  CLASS
}
