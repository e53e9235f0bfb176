/**
 * What the application measures with Micrometer, so that the agent does not show it twice.
 *
 * <p>Called where a meter is made, once for each set of its tags, on any thread of the application.
 */
package io.sonde.instrumentation.micrometer;
