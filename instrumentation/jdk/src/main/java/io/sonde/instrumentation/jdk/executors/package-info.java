/** Finds the JDK's executors by their workers, so that metrics can say how busy they are. */
package io.sonde.instrumentation.jdk.executors;
