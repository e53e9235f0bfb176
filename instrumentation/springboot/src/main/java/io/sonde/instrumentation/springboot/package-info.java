/**
 * Fills the correlation slot that Spring Boot's own log patterns have.
 *
 * <p>Called once while Spring Boot starts its logging and for each line that shows the slot.
 */
package io.sonde.instrumentation.springboot;
