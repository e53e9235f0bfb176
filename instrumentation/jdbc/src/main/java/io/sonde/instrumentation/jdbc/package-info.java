/**
 * Database spans of any JDBC driver.
 *
 * <p>Common drivers are known by name, one class here for each; every other one is discovered where
 * it registers itself, its connections where it hands them out, its statements likewise. The
 * classes are defined beside the driver, and called on application threads: a call costs one span
 * and no look-up but for the text of a statement that was not prepared.
 */
package io.sonde.instrumentation.jdbc;
