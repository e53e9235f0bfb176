/**
 * Shows Log4j the ids of the span that an event was made under.
 *
 * <p>Called on the logging thread when an event's context data is put together. An event costs
 * nothing outside a span; inside one it costs one small map, or nothing where Log4j reuses its own.
 */
package io.sonde.instrumentation.log4j;
