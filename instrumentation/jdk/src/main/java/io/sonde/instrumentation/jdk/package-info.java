/**
 * What is woven into the JDK's own classes. Lives on the bootstrap search path as well, for targets
 * that are there.
 */
package io.sonde.instrumentation.jdk;
