/** Carries the context through the JDK's executors, futures, timers and threads. */
package io.sonde.instrumentation.jdk.concurrent;
