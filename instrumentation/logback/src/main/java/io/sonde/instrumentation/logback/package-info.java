/**
 * Shows Logback the ids of the span that an event was made under.
 *
 * <p>Called on the logging thread when an event is made and on any thread that reads its MDC. An
 * event costs nothing outside a span and one small map inside one.
 */
package io.sonde.instrumentation.logback;
