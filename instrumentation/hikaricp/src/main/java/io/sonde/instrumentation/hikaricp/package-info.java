/**
 * Metrics of HikariCP's pools: what they have is read when somebody scrapes, what a connection took
 * is recorded on the threads that borrow.
 */
package io.sonde.instrumentation.hikaricp;
