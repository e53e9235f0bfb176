/** Carries the context through the JDK's executors, futures, timers and threads. */
@NullMarked
package io.sonde.instrumentation.jdk.concurrent;

import org.jspecify.annotations.NullMarked;
